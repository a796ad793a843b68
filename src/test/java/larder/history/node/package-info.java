/** The application that a node of the history checker runs in a process of its own. */
@NullMarked
package larder.history.node;

import org.jspecify.annotations.NullMarked;
