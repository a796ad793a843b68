/** Everything wired for a Spring Boot application that adds the jar. */
@NullMarked
package larder.cache.autoconfigure;

import org.jspecify.annotations.NullMarked;
