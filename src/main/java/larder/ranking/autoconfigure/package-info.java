/** Leaderboards in a Spring Boot application. */
@NullMarked
package larder.ranking.autoconfigure;

import org.jspecify.annotations.NullMarked;
