/** Notices in a Spring Boot application. */
@NullMarked
package larder.notice.autoconfigure;

import org.jspecify.annotations.NullMarked;
