/** Tests of {@code larder.monolith.profiles}. */
@NullMarked
package larder.monolith.profiles;

import org.jspecify.annotations.NullMarked;
