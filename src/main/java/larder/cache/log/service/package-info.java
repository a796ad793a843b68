/** A node at work on the log: it polls, appends, and keeps the heart beating. */
@NullMarked
package larder.cache.log.service;

import org.jspecify.annotations.NullMarked;
