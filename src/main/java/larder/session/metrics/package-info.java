/** The meters of sessions. */
@NullMarked
package larder.session.metrics;

import org.jspecify.annotations.NullMarked;
