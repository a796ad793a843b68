package larder.monolith.users;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A field that people fill in, with the rule that its value follows.
 *
 * <p>The checks of the table {@code users} say the same of what is stored. Lengths count characters
 * (code points) as PostgreSQL does; a password counts bytes, because bcrypt reads no more than 72.
 */
public enum Field {
  /** The unique name in addresses. */
  HANDLE("handle") {
    @Override
    Optional<String> check(String value) {
      return unless(
          HANDLE_FORM.matcher(value).matches(),
          "A handle has 2 to 30 letters, digits, hyphens or underscores (a-z, 0-9, -, _)"
              + " and starts with a letter or digit.");
    }
  },

  /** The address of the user, unique too. */
  EMAIL("email") {
    @Override
    Optional<String> check(String value) {
      return unless(
          length(value) <= MAX_EMAIL && EMAIL_FORM.matcher(value).matches(),
          "Give an e-mail address such as ada@example.org, of at most 254 characters.");
    }
  },

  /** The name to show. */
  DISPLAY_NAME("displayName") {
    @Override
    Optional<String> check(String value) {
      return unless(
          !value.isBlank()
              && value.equals(value.strip())
              && length(value) <= MAX_DISPLAY_NAME
              && value.codePoints().noneMatch(Character::isISOControl),
          "Give a name of 1 to 60 characters, on one line.");
    }
  },

  /** What users say of themselves. */
  BIO("bio") {
    @Override
    Optional<String> check(String value) {
      if (value.indexOf('\0') >= 0) {
        return Optional.of("A bio is plain text; remove the character with the code 0.");
      }
      return unless(
          length(value) <= MAX_BIO,
          "A bio has at most 500 characters; this one has " + length(value) + ".");
    }
  },

  /** The password, in the clear. */
  PASSWORD("password") {
    @Override
    Optional<String> check(String value) {
      int bytes = value.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_PASSWORD_BYTES) {
        return Optional.of("A password has at most 72 bytes; take a shorter one.");
      }
      return unless(length(value) >= MIN_PASSWORD, "A password has at least 8 characters.");
    }
  };

  /** The form of a handle, as a regular expression. */
  public static final String HANDLE_PATTERN = "[A-Za-z0-9][A-Za-z0-9_-]{1,29}";

  public static final int MAX_EMAIL = 254;
  public static final int MAX_DISPLAY_NAME = 60;
  public static final int MAX_BIO = 500;
  public static final int MIN_PASSWORD = 8;
  public static final int MAX_PASSWORD_BYTES = 72;

  private static final Pattern HANDLE_FORM = Pattern.compile(HANDLE_PATTERN);
  private static final Pattern EMAIL_FORM =
      Pattern.compile("[^@\\s\\p{Z}\\p{Cntrl}]+@[^@\\s\\p{Z}\\p{Cntrl}]+");

  private final String key;

  Field(String key) {
    this.key = key;
  }

  /** Returns the name of the field in forms. */
  public String key() {
    return key;
  }

  /** Returns what is wrong with the value, in a sentence for its author; empty if nothing is. */
  public Optional<String> problem(String value) {
    return check(value);
  }

  abstract Optional<String> check(String value);

  private static Optional<String> unless(boolean good, String problem) {
    return good ? Optional.empty() : Optional.of(problem);
  }

  private static int length(String value) {
    return value.codePointCount(0, value.length());
  }
}
