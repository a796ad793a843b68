/** Tests of what a cached call reports. */
@NullMarked
package larder.cache.method;

import org.jspecify.annotations.NullMarked;
