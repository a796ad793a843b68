/** What the layer counts and measures, as meters of Micrometer. */
@NullMarked
package larder.cache.metrics;

import org.jspecify.annotations.NullMarked;
