package larder.limit;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import larder.limit.LimitProperties.Settings;
import org.jspecify.annotations.Nullable;

/** The limits of the application, by name, each as it holds: said in code, changed by settings. */
public final class LimitCatalog {

  /**
   * A limit and where it is said.
   *
   * @param limit as it holds
   * @param said as the code says it
   * @param where the methods or the bean, for people
   */
  public record Declared(Limit limit, Limit said, List<String> where) {

    /** Whether a setting has changed it. */
    public boolean isChanged() {
      return !limit.equals(said);
    }
  }

  private final Map<String, Settings> settings;
  private final Map<String, Declared> declared = new ConcurrentHashMap<>();

  /**
   * @param settings by the name of the limit, or by the name without case and signs, as environment
   *     variables have it
   */
  public LimitCatalog(Map<String, Settings> settings) {
    this.settings = Map.copyOf(settings);
  }

  /**
   * Takes over a limit; once more the same does no harm.
   *
   * @param where the method or the bean that says it
   * @throws InvalidLimitException if another place says something else of a limit of this name, or
   *     the settings do not go with it
   */
  public void declare(Limit said, String where) {
    declared.merge(
        said.name(),
        new Declared(effective(said), said, List.of(where)),
        (before, now) -> both(before, now, where));
  }

  private static Declared both(Declared before, Declared now, String where) {
    if (!before.said().equals(now.said())) {
      throw new InvalidLimitException(
          "Limit '%s' is said in two ways: by %s and by %s"
              .formatted(now.said().name(), before.where().get(0), where),
          "Give one of them another name, or make them equal.");
    }
    Set<String> places = new TreeSet<>(before.where());
    places.add(where);
    return new Declared(before.limit(), before.said(), List.copyOf(places));
  }

  private Limit effective(Limit said) {
    Settings set = settingsOf(said.name());
    return set == null ? said : set.over(said);
  }

  private @Nullable Settings settingsOf(String name) {
    Settings exact = settings.get(name);
    return exact == null ? settings.get(plain(name)) : exact;
  }

  private static String plain(String name) {
    return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
  }

  /**
   * Returns a limit as it holds.
   *
   * @throws IllegalArgumentException if no annotation and no bean declares it
   */
  public Limit find(String name) {
    Declared found = declared.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "Limit '%s' is not declared; add a bean of type Limit of this name".formatted(name));
    }
    return found.limit();
  }

  /** Returns all limits declared so far, by name. */
  public List<Declared> all() {
    return declared.values().stream()
        .sorted(Comparator.comparing((Declared one) -> one.limit().name()))
        .toList();
  }

  /** Returns the names in settings that no limit has. */
  public Set<String> unknownSettings() {
    Set<String> known =
        declared.keySet().stream()
            .flatMap(name -> Stream.of(name, plain(name)))
            .collect(Collectors.toSet());
    Set<String> unknown = new TreeSet<>(settings.keySet());
    unknown.removeAll(known);
    return unknown;
  }
}
