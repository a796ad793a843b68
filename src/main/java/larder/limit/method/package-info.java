/** Methods with rate limits: their annotations read and checked once, and the advice on them. */
@NullMarked
package larder.limit.method;

import org.jspecify.annotations.NullMarked;
