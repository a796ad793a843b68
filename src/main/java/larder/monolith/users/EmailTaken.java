package larder.monolith.users;

import java.util.Map;

/** An e-mail address under which somebody has already signed up, in whatever spelling. */
public final class EmailTaken extends InvalidInput {

  EmailTaken() {
    super(
        Map.of(
            Field.EMAIL,
            "This e-mail address has already signed up; sign in, or give another address."));
  }
}
