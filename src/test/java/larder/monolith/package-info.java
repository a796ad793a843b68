/** Tests of the running monolith, and what they share. */
@NullMarked
package larder.monolith;

import org.jspecify.annotations.NullMarked;
