/** Nodes of an application with a real database under each peer, and what is measured of them. */
@NullMarked
package larder.benchmarks.nodes;

import org.jspecify.annotations.NullMarked;
