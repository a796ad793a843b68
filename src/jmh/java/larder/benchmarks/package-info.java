/** The figures of the layer beside those of what people use today, each in one run. */
@NullMarked
package larder.benchmarks;

import org.jspecify.annotations.NullMarked;
