/** The way to Redis in a Spring Boot application. */
@NullMarked
package larder.redis.autoconfigure;

import org.jspecify.annotations.NullMarked;
