/** Tests of {@code larder.monolith.users}. */
@NullMarked
package larder.monolith.users;

import org.jspecify.annotations.NullMarked;
