/** The pages on which administrators look after the caches. */
@NullMarked
package larder.monolith.admin;

import org.jspecify.annotations.NullMarked;
