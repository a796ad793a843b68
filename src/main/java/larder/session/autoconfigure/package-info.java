/** The wiring of sessions in a Spring Boot application. */
@NullMarked
package larder.session.autoconfigure;

import org.jspecify.annotations.NullMarked;
