package larder.cache.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import larder.cache.tracking.DataTags;
import larder.cache.tracking.MappedTable;

/**
 * The triggers of one mapped table, as SQL.
 *
 * <p>A trigger is told the table's bare name, the name that its row tags carry, and the column of
 * the id if loads may depend on one row. Its own idea of its table would be the partition.
 */
record TableTriggers(MappedTable table) {

  /** Returns the arguments of both triggers. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    arguments.add(DataTags.bare(table.name()));
    arguments.add(DataTags.bare(table.rootTable()));
    if (table.rowTags()) {
      arguments.add(column(table.idColumns().get(0)));
    }
    return arguments;
  }

  /** A column's name as the catalog holds it. */
  private static String column(String name) {
    boolean quoted = name.startsWith("\"") || name.startsWith("`");
    return quoted ? name.substring(1, name.length() - 1) : name.toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * Returns the arguments as {@code pg_trigger.tgargs} holds them, in PostgreSQL's escape format.
   */
  String stored() {
    return arguments().stream()
        .map(argument -> argument.replace("\\", "\\\\") + "\\000")
        .collect(Collectors.joining());
  }

  /**
   * Returns what makes a relation tell its changes.
   *
   * @param relation as the database writes it
   * @param partition whether its row trigger comes from the table that it is a partition of
   */
  List<String> create(String relation, boolean partition) {
    List<String> sql = new ArrayList<>();
    if (!partition) {
      sql.add(
          "create or replace trigger larder_outbox_row after insert or update or delete on %s for each row execute function larder_outbox_row(%s)"
              .formatted(relation, literals()));
    }
    sql.add("alter table %s enable always trigger larder_outbox_row".formatted(relation));
    sql.add(
        "create or replace trigger larder_outbox_truncate after truncate on %s for each statement execute function larder_outbox_truncate(%s)"
            .formatted(relation, literals()));
    sql.add("alter table %s enable always trigger larder_outbox_truncate".formatted(relation));
    return sql;
  }

  private String literals() {
    return arguments().stream()
        .map(argument -> "'" + argument.replace("'", "''") + "'")
        .collect(Collectors.joining(", "));
  }

  /** Returns the tags by which what was read unwatched is condemned. */
  List<String> tags() {
    return List.of(
        DataTags.table(table.name()),
        DataTags.all(table.name()),
        DataTags.table(table.rootTable()),
        DataTags.all(table.rootTable()));
  }

  /** Returns the statement that says so, for those who run the others by hand. */
  String tell() {
    return "insert into larder_outbox (tags, who, wakes) values (array[%s], 'layer', true)"
        .formatted(
            tags().stream()
                .distinct()
                .map(tag -> "'" + tag.replace("'", "''") + "'")
                .collect(Collectors.joining(", ")));
  }
}
