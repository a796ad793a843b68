package larder.redis;

/** The rule of a setting, checked where the properties of a feature are made. */
public final class Setting {

  private Setting() {}

  /**
   * Refuses a bad value.
   *
   * @param name the whole name, such as {@code larder.locks.lease}
   * @param ok whether the value keeps the rule
   * @param rule what a value must be, such as {@code at least 1ms}
   * @throws IllegalArgumentException if it is not so, naming setting, rule and value
   */
  public static void check(String name, boolean ok, Object value, String rule) {
    if (!ok) {
      throw new IllegalArgumentException("%s must be %s, was: %s".formatted(name, rule, value));
    }
  }
}
