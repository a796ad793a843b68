/** The caching layer as its users see it: annotation, policy, settings and what a call reports. */
@NullMarked
package larder.cache;

import org.jspecify.annotations.NullMarked;
