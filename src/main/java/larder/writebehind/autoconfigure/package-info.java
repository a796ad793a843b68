/** Write-behind in a Spring Boot application. */
@NullMarked
package larder.writebehind.autoconfigure;

import org.jspecify.annotations.NullMarked;
