package larder.cache.overview;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import larder.cache.log.TagNames;
import larder.cache.log.Tags;
import larder.cache.tracking.DataTags;
import org.jspecify.annotations.Nullable;

/** Tags in words for people, as far as this node knows their names. Thread-safe. */
final class TagWords {

  private final TagNames names;
  private final Supplier<? extends Collection<String>> caches;
  private final Supplier<? extends Collection<String>> tables;

  /**
   * @param names the tags that were met lately
   * @param caches gives the names of all caches
   * @param tables gives the names of all tables that are known
   */
  TagWords(
      TagNames names,
      Supplier<? extends Collection<String>> caches,
      Supplier<? extends Collection<String>> tables) {
    this.names = names;
    this.caches = caches;
    this.tables = tables;
  }

  /**
   * Several tags in words.
   *
   * @param words what is named
   * @param unnamed how many are not
   */
  record Named(List<String> words, int unnamed) {}

  /** Returns the names as they are known now. */
  Known known() {
    return new Known();
  }

  /** The names of what exists as this is made, and of what was met lately. */
  final class Known {

    private final Map<Long, String> always = new HashMap<>();

    private Known() {
      caches.get().forEach(cache -> add("c:" + cache));
      for (String table : tables.get()) {
        add(DataTags.table(table));
        add(DataTags.all(table));
        add(DataTags.keys(table));
      }
    }

    private void add(String text) {
      always.put(Tags.hash(text), text);
    }

    private @Nullable String text(long hash) {
      String text = always.get(hash);
      return text == null ? names.of(hash) : text;
    }

    /** Returns a tag in words; its hash if it is not known. */
    String words(long hash) {
      String text = text(hash);
      return text == null ? "not seen by this node (" + Long.toHexString(hash) + ")" : one(text);
    }

    private String one(String text) {
      String rest = text.substring(2);
      int colon = rest.indexOf(':');
      return switch (text.charAt(0)) {
        case 'c' -> "cache " + rest;
        case 'k' -> key(rest);
        case 'a' -> "all rows of " + rest + " at once";
        case 'u' -> "unique keys of " + rest;
        default -> colon < 0 ? "table " + rest : row(rest, colon);
      };
    }

    private String row(String rest, int colon) {
      return rest.substring(0, colon) + " row " + rest.substring(colon + 1);
    }

    /** A cache's name may have colons of its own. */
    private String key(String rest) {
      String cache =
          caches.get().stream()
              .filter(name -> rest.startsWith(name + ":"))
              .max((a, b) -> Integer.compare(a.length(), b.length()))
              .orElse(null);
      return cache == null ? "key " + rest : cache + " key " + rest.substring(cache.length() + 1);
    }

    /** Returns what a record names: a table is told along with its rows, and then goes unsaid. */
    Named words(Tags tags) {
      Map<String, Boolean> mentioned = new LinkedHashMap<>();
      Set<String> words = new LinkedHashSet<>();
      int unnamed = 0;
      for (int i = 0; i < tags.size(); i++) {
        String text = text(tags.hash(i));
        if (text == null) {
          unnamed++;
        } else if (text.startsWith("a:")) {
          mentioned.put(text.substring(2), true);
        } else if (text.startsWith("u:")) {
          mentioned.putIfAbsent(text.substring(2), false);
        } else if (text.startsWith("t:") && text.indexOf(':', 2) < 0) {
          mentioned.putIfAbsent(text.substring(2), false);
        } else {
          words.add(one(text));
        }
      }
      List<String> all = new ArrayList<>();
      mentioned.forEach((table, whole) -> all.addAll(table(table, whole, words)));
      all.addAll(words);
      return new Named(all, unnamed);
    }

    private List<String> table(String table, boolean whole, Set<String> words) {
      boolean rows = words.stream().anyMatch(word -> word.startsWith(table + " row "));
      return whole
          ? List.of("all of table " + table)
          : rows ? List.of() : List.of("table " + table);
    }
  }
}
