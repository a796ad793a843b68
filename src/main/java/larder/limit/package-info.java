/** Rate limits that hold over all nodes: what a limit says, who is asked, and what was decided. */
@NullMarked
package larder.limit;

import org.jspecify.annotations.NullMarked;
