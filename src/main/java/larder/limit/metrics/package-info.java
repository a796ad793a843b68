/** The meters of rate limits, for applications that have Micrometer. */
@NullMarked
package larder.limit.metrics;

import org.jspecify.annotations.NullMarked;
