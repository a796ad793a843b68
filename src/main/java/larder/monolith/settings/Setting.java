package larder.monolith.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Something that a person may choose. */
public enum Setting {
  /** How pages look to the person. */
  THEME(
      "theme",
      "Look",
      "Of the pages that you see.",
      List.of(
          new Choice("system", "As my device has it"),
          new Choice("light", "Light"),
          new Choice("dark", "Dark"))),
  /** How many members a page of the directory lists for the person. */
  PAGE_SIZE(
      "page-size",
      "Members on a page",
      "Of the list of members, and of what you search there.",
      List.of(new Choice("20", "20"), new Choice("50", "50"), new Choice("100", "100"))),
  /** Whether others see how often the person's profile was looked at. */
  SHOW_VIEWS(
      "show-views",
      "How often your profile was seen",
      "You see it in any case.",
      List.of(new Choice("yes", "Everybody may know"), new Choice("no", "Only I")));

  /**
   * One value that a setting may have.
   *
   * @param value as it is kept
   * @param label as people read it
   */
  public record Choice(String value, String label) {}

  private final String key;
  private final String label;
  private final String hint;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<Choice> choices;

  Setting(String key, String label, String hint, List<Choice> choices) {
    this.key = key;
    this.label = label;
    this.hint = hint;
    this.choices = choices;
  }

  /** Returns the setting's name in the database, in caches and in addresses. */
  public String key() {
    return key;
  }

  /** Returns its name for people. */
  public String label() {
    return label;
  }

  /** Returns what it is for. */
  public String hint() {
    return hint;
  }

  /** Returns what may be chosen; the first holds where nothing was. */
  public List<Choice> choices() {
    return choices;
  }

  /** Returns what holds where nothing was chosen. */
  public String preset() {
    return choices.get(0).value();
  }

  /** Whether this may be chosen. */
  public boolean allows(String value) {
    return choices.stream().anyMatch(choice -> choice.value().equals(value));
  }

  /** Returns the setting of a name; empty if there is none. */
  static Optional<Setting> of(String key) {
    return Arrays.stream(values()).filter(one -> one.key.equals(key)).findFirst();
  }
}
