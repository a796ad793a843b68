/** Caches that are broken on purpose, with a little traffic, for a look at what the pages say. */
@NullMarked
package larder.dev.demo;

import org.jspecify.annotations.NullMarked;
