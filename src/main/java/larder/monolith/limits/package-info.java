/** The pages that tell of rate limits: to those who were refused, and to administrators. */
@NullMarked
package larder.monolith.limits;

import org.jspecify.annotations.NullMarked;
