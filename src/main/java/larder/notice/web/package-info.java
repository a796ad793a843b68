/** Notices as server-sent events, without a thread for an open page. */
@NullMarked
package larder.notice.web;

import org.jspecify.annotations.NullMarked;
