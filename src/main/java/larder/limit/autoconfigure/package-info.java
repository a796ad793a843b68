/** Rate limits in a Spring Boot application. */
@NullMarked
package larder.limit.autoconfigure;

import org.jspecify.annotations.NullMarked;
