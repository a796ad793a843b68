/** What web applications add: it is used where there are servlets. */
@NullMarked
package larder.cache.web;

import org.jspecify.annotations.NullMarked;
