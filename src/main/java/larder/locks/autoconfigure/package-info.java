/** Locks in a Spring Boot application. */
@NullMarked
package larder.locks.autoconfigure;

import org.jspecify.annotations.NullMarked;
