/** What a person has written travels with their session, so that they see it on every node. */
@NullMarked
package larder.cache.session;

import org.jspecify.annotations.NullMarked;
