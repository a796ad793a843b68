/** A small second application that uses the plain jar only: what other teams get. */
@NullMarked
package larder.adopter;

import org.jspecify.annotations.NullMarked;
