/** Whether the caches work, as Spring Boot's health asks for it. */
@NullMarked
package larder.cache.health;

import org.jspecify.annotations.NullMarked;
