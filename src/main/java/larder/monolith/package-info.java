/** The application: users, their pages, and nothing that another application would reuse. */
@NullMarked
package larder.monolith;

import org.jspecify.annotations.NullMarked;
