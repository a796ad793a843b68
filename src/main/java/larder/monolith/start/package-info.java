/** Starting the monolith, or saying in clear words why it cannot start. */
@NullMarked
package larder.monolith.start;

import org.jspecify.annotations.NullMarked;
