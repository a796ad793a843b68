/** What Hibernate reads and writes, told to the current load and to the transaction. */
@NullMarked
package larder.cache.hibernate;

import org.jspecify.annotations.NullMarked;
