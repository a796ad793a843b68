/** Methods that run on one node at a time. */
@NullMarked
package larder.locks.method;

import org.jspecify.annotations.NullMarked;
