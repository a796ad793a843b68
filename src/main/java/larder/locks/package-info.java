/** Locks over all nodes: one owner at a time, with a lease and a fencing number. */
@NullMarked
package larder.locks;

import org.jspecify.annotations.NullMarked;
