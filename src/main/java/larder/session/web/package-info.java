/** What sessions have to do with requests: the answer without Redis, and flash attributes. */
@NullMarked
package larder.session.web;

import org.jspecify.annotations.NullMarked;
