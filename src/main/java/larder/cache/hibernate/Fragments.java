package larder.cache.hibernate;

import java.util.LinkedHashSet;
import java.util.Set;
import larder.cache.sql.SqlEffect;
import larder.cache.sql.SqlEffects;
import larder.cache.sql.SqlText;
import larder.cache.tracking.Reads;

/**
 * What raw SQL within a mapping reads, such as that of a formula or a restriction.
 *
 * @param tables the tables it names
 * @param doubts the pieces of which it is not known what they read, shortened
 */
record Fragments(Set<String> tables, Set<String> doubts) {

  static final Fragments NONE = new Fragments(Set.of(), Set.of());

  Fragments {
    tables = Set.copyOf(tables);
    doubts = Set.copyOf(doubts);
  }

  /** Returns what pieces of SQL read, each an expression. */
  static Fragments of(Set<String> pieces, SqlEffects sql) {
    if (pieces.isEmpty()) {
      return NONE;
    }
    Set<String> tables = new LinkedHashSet<>();
    Set<String> doubts = new LinkedHashSet<>();
    for (String piece : pieces) {
      SqlEffect effect = sql.ofExpression(piece);
      tables.addAll(effect.tables(name -> true));
      if (effect.doubt() != null || effect.writes()) {
        doubts.add("raw SQL of a mapping: " + SqlText.shortened(piece));
      }
    }
    return new Fragments(tables, doubts);
  }

  /** Returns what this and other pieces read. */
  Fragments and(Fragments other) {
    Set<String> all = new LinkedHashSet<>(tables);
    all.addAll(other.tables);
    Set<String> doubtful = new LinkedHashSet<>(doubts);
    doubtful.addAll(other.doubts);
    return new Fragments(all, doubtful);
  }

  void read(Reads reads, FactoryModel model) {
    tables.forEach(table -> model.readNamed(table, reads));
    doubts.forEach(reads::unknown);
  }
}
