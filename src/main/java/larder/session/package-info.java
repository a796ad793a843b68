/** Web sessions in Redis, through Spring Session: a person keeps theirs on whichever node. */
@NullMarked
package larder.session;

import org.jspecify.annotations.NullMarked;
