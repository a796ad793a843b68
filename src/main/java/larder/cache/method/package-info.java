/** Annotated methods: what they declare, and the calls they answer. */
@NullMarked
package larder.cache.method;

import org.jspecify.annotations.NullMarked;
