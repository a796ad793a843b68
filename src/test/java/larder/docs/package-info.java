/** The documents held against the build: commands, settings, links. */
@NullMarked
package larder.docs;

import org.jspecify.annotations.NullMarked;
