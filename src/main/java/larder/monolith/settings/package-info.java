/** What each person has chosen: read and changed one setting at a time. */
@NullMarked
package larder.monolith.settings;

import org.jspecify.annotations.NullMarked;
