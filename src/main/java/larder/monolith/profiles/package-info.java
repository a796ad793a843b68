/** The pages that show and change users: newest members, directory, profile, edit, delete. */
@NullMarked
package larder.monolith.profiles;

import org.jspecify.annotations.NullMarked;
