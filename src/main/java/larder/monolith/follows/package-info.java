/** Following people: who follows whom, and live notices of what changes on their profiles. */
@NullMarked
package larder.monolith.follows;

import org.jspecify.annotations.NullMarked;
