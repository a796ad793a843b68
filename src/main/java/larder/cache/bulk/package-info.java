/** Methods that find several things by their ids and share entries with those that find one. */
@NullMarked
package larder.cache.bulk;

import org.jspecify.annotations.NullMarked;
