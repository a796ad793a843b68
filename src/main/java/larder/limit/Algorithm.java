package larder.limit;

/** How a limit counts, and so what it promises. All time is that of the Redis server. */
public enum Algorithm {

  /**
   * At most the limit in each window; a subject's window begins with the first call after the last
   * one ended. Two windows may meet: at most twice the limit in any time as long as a window. Keeps
   * some 30 bytes for each subject.
   */
  FIXED_WINDOW("f"),

  /**
   * At most the limit in any time as long as the window, exactly: the time of each allowed call is
   * kept, some 10 bytes each, so up to the limit of them for each subject.
   */
  SLIDING_WINDOW("s"),

  /**
   * A bucket of as many tokens as the burst, refilled evenly so that the limit comes back in a
   * window: in any time of length d at most the burst, and d's share of the limit. Keeps some 20
   * bytes for each subject.
   */
  TOKEN_BUCKET("t");

  private final String code;

  Algorithm(String code) {
    this.code = code;
  }

  /** Returns the letter that stands for it in keys and scripts. */
  String code() {
    return code;
  }
}
