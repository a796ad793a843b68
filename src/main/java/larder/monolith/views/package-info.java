/** Who looks at profiles: told as events, whatever made the page. */
@NullMarked
package larder.monolith.views;

import org.jspecify.annotations.NullMarked;
