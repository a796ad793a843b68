/**
 * Pages of the monolith under load: without a cache, with what people use today, with the layer.
 */
@NullMarked
package larder.benchmarks.pages;

import org.jspecify.annotations.NullMarked;
