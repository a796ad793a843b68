package larder.monolith.users;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Input that cannot be taken, with a sentence for its author on each field that has a problem. */
public class InvalidInput extends RuntimeException {

  private final transient Map<Field, String> problems;

  InvalidInput(Map<Field, String> problems) {
    super(
        problems.entrySet().stream()
            .map(problem -> problem.getKey().key() + ": " + problem.getValue())
            .collect(Collectors.joining(" ")));
    this.problems = Map.copyOf(problems);
  }

  /** Returns the problems, each under the field that has it. */
  public Map<Field, String> problems() {
    return problems;
  }

  /** Returns the problems under the keys of their fields, in the order of the fields. */
  public Map<String, String> byKey() {
    Map<String, String> byKey = new LinkedHashMap<>();
    new TreeMap<>(problems).forEach((field, problem) -> byKey.put(field.key(), problem));
    return byKey;
  }

  /** Throws if any of the values breaks the rule of its field. */
  static void check(Map<Field, String> values) {
    Map<Field, String> problems = new EnumMap<>(Field.class);
    values.forEach(
        (field, value) -> field.problem(value).ifPresent(problem -> problems.put(field, problem)));
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
  }
}
