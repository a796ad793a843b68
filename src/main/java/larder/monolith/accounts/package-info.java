/** Accounts: signing up, in and out, and who looks at a page. */
@NullMarked
package larder.monolith.accounts;

import org.jspecify.annotations.NullMarked;
