/** What holds of the whole tree: its packages, their names and their directions. */
@NullMarked
package larder.structure;

import org.jspecify.annotations.NullMarked;
