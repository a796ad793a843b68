/** Tests of {@code larder.monolith.timing}. */
@NullMarked
package larder.monolith.timing;

import org.jspecify.annotations.NullMarked;
