/** Rate limits of web applications: who calls, response fields and the answer to a refused call. */
@NullMarked
package larder.limit.web;

import org.jspecify.annotations.NullMarked;
