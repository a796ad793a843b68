package larder.cache.page;

import java.util.Locale;

/** Why a request for a page is answered past the cache. */
public enum Bypass {
  /** Somebody is signed in, or says so. */
  SIGNED_IN,
  /** A message waits for the person. */
  FLASH,
  /** A parameter is not declared, or has a value for which no page is kept. */
  PARAMETERS,
  /** The address has more than one spelling. */
  PATH,
  /** The request has a body. */
  BODY,
  /** The request accepts another type than the page's. */
  ACCEPT,
  /** The page of the same address was found a moment ago to be none that can be kept. */
  NOT_KEPT;

  private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** Returns the reason in lower case, as metrics and headers say it. */
  public String word() {
    return word;
  }
}
