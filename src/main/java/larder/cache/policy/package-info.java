/** What holds for each cache: annotation, settings and defaults brought together. */
@NullMarked
package larder.cache.policy;

import org.jspecify.annotations.NullMarked;
