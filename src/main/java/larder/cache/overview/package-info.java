/** What people who look after an application want to see of its caches, gathered from the layer. */
@NullMarked
package larder.cache.overview;

import org.jspecify.annotations.NullMarked;
