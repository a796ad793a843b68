/** The caches of a running application, as Spring Boot's actuator shows and changes them. */
@NullMarked
package larder.cache.actuate;

import org.jspecify.annotations.NullMarked;
