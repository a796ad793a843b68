/** The layer in applications: annotations, settings and mistakes. */
@NullMarked
package larder.cache.autoconfigure;

import org.jspecify.annotations.NullMarked;
