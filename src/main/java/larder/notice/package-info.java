/**
 * Notices that reach all nodes at once and can be read again for a while: a stream in Redis,
 * announced by publish/subscribe.
 */
@NullMarked
package larder.notice;

import org.jspecify.annotations.NullMarked;
