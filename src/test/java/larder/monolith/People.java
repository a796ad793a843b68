package larder.monolith;

import java.util.concurrent.atomic.AtomicInteger;
import larder.monolith.users.SignUp;

/** People who sign up in tests, each with a name of their own. */
public final class People {

  public static final String PASSWORD = "correct horse";

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private People() {}

  /** Returns a handle that nobody has. */
  public static String handle() {
    return "person-" + NUMBERS.incrementAndGet();
  }

  /** Returns a person with the handle, ready to sign up. */
  public static SignUp person(String handle) {
    return new SignUp(handle, handle + "@example.org", "Name of " + handle, PASSWORD);
  }

  /** Returns somebody new. */
  public static SignUp somebody() {
    return person(handle());
  }
}
