/** The cache manager and its caches, as Spring's contracts ask for them. */
@NullMarked
package larder.cache.manager;

import org.jspecify.annotations.NullMarked;
