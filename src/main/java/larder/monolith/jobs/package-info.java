/** What the monolith does by itself, by the clock, on one node at a time. */
@NullMarked
package larder.monolith.jobs;

import org.jspecify.annotations.NullMarked;
