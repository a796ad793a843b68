/** What loads read and transactions write in the database, named by tags. */
@NullMarked
package larder.cache.tracking;

import org.jspecify.annotations.NullMarked;
