/**
 * The history checker: node processes on real servers read and write under faults, and every read
 * is judged by what was committed when.
 */
@NullMarked
package larder.history;

import org.jspecify.annotations.NullMarked;
