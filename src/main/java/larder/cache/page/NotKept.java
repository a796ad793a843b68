package larder.cache.page;

import java.util.Locale;

/** Why a page that was made is not kept: it is for the one who asked, and nobody else. */
public enum NotKept {
  /** Its status is not 200. */
  STATUS("it has another status than 200"),
  /** It sets a cookie. */
  COOKIE("it sets a cookie"),
  /** It uses a session, or begins one. */
  SESSION("it uses the session"),
  /** It carries a CSRF token. */
  CSRF("it uses the CSRF token"),
  /** It asks for the address by which it was reached. */
  ADDRESS("it asks for scheme or host, which vary = \"Host\" declares"),
  /** It is larger than what is kept. */
  SIZE("it is larger than larder.pages.max-size"),
  /** It says that it is not to be stored. */
  CACHE_CONTROL("it says no-store or private"),
  /** It is in a coding of its own. */
  CODING("it is compressed by something inside of the page cache"),
  /** It was handed on to another servlet, or written in a way that cannot be followed. */
  FORWARD("it is handed on to another servlet"),
  /** Another method made it than the one that is annotated. */
  HANDLER("another handler answers than without the headers that are not declared");

  private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');
  private final String words;

  NotKept(String words) {
    this.words = words;
  }

  /** Returns the reason in lower case, as metrics say it. */
  public String word() {
    return word;
  }

  /** Returns the reason as a sentence says it. */
  String words() {
    return words;
  }
}
