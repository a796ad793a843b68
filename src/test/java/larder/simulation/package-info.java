/**
 * Deterministic runs of whole fleets, with every failure that the promise names, on the layer's own
 * classes.
 */
@NullMarked
package larder.simulation;

import org.jspecify.annotations.NullMarked;
