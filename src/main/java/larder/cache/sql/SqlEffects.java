package larder.cache.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.statement.SetStatement;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.delete.Delete;
import net.sf.jsqlparser.statement.insert.Insert;
import net.sf.jsqlparser.statement.merge.Merge;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.truncate.Truncate;
import net.sf.jsqlparser.statement.update.Update;
import net.sf.jsqlparser.statement.upsert.Upsert;
import net.sf.jsqlparser.util.TablesNamesFinder;
import org.jspecify.annotations.Nullable;

/**
 * What statements read and write, found by a parser of SQL and remembered by their text.
 *
 * <p>Names of common table expressions are left out. A statement that the parser does not take, one
 * that is neither a query nor a change of rows, and one that calls a function which is not known to
 * touch no table, leave a doubt. Thread-safe.
 */
public final class SqlEffects {

  private static final int MOST_REMEMBERED = 2_000;
  private static final int LONGEST_PARSED = 20_000;
  private static final Pattern CHANGES =
      Pattern.compile("\\b(?<!for )(?<!for no key )(insert|update|delete|merge|truncate)\\b");
  private static final Pattern COMMON = Pattern.compile("\\b([a-z_]\\w*)\\s*\\([^()]*\\)\\s*as\\b");
  private static final Pattern INTO = Pattern.compile("\\binto\\b");
  private static final Pattern SETTINGS =
      Pattern.compile(
          "(set|reset|show|begin|start transaction|savepoint|release|listen|unlisten|notify)\\b");
  private static final Pattern SPACES = Pattern.compile("\\s+");

  private final Map<String, SqlEffect> remembered = new ConcurrentHashMap<>();

  /** Returns what a statement does. */
  public SqlEffect of(String sql) {
    SqlEffect known = remembered.get(sql);
    if (known != null) {
      return known;
    }
    SqlEffect found = find(sql);
    if (remembered.size() >= MOST_REMEMBERED) {
      remembered.clear();
    }
    remembered.put(sql, found);
    return found;
  }

  /**
   * Returns what an expression or condition within a statement reads, such as that of a formula.
   *
   * @param expression as SQL writes it, without the names of bound parameters
   */
  public SqlEffect ofExpression(String expression) {
    return of("select 1 where (" + expression + ") is null");
  }

  /**
   * Returns whether a statement may do anything else than read, which takes no parser to tell:
   * false only for a query that calls no function of unknown effect.
   */
  public boolean mayChange(String sql) {
    SqlEffect known = remembered.get(sql);
    if (known != null) {
      return known.writes() || known.doubt() != null;
    }
    String text = normalized(sql);
    return !isPlainSelect(text) || KnownFunctions.unknownIn(text, Set.of()) != null;
  }

  private static String normalized(String sql) {
    return SPACES
        .matcher(SqlText.withoutStrings(sql))
        .replaceAll(" ")
        .trim()
        .toLowerCase(Locale.ROOT);
  }

  private static SqlEffect find(String sql) {
    String text = normalized(sql);
    if (SETTINGS.matcher(text).lookingAt()) {
      return new SqlEffect(Set.of(), Set.of(), false, null);
    } else if (sql.length() > LONGEST_PARSED) {
      return new SqlEffect(Set.of(), Set.of(), !isPlainSelect(text), "is too long to be parsed");
    }
    try {
      return effect(CCJSqlParserUtil.parse(sql), text);
    } catch (JSQLParserException | RuntimeException failure) {
      return new SqlEffect(Set.of(), Set.of(), !isPlainSelect(text), "is not understood");
    }
  }

  private static SqlEffect effect(Statement statement, String text) {
    if (statement instanceof SetStatement) {
      return new SqlEffect(Set.of(), Set.of(), false, null);
    }
    boolean plain = statement instanceof Select && isPlainSelect(text);
    List<String> targets = targets(statement);
    if (!plain && targets == null) {
      return new SqlEffect(Set.of(), Set.of(), true, "is neither a query nor a change of rows");
    }
    Set<String> tables = new LinkedHashSet<>(new TablesNamesFinder<Void>().getTables(statement));
    if (targets != null) {
      tables.addAll(targets);
    }
    boolean common = text.startsWith("with ");
    Set<String> written =
        plain ? Set.of() : common || targets == null ? tables : Set.copyOf(targets);
    return new SqlEffect(tables, written, !plain, doubt(text, tables, plain));
  }

  private static @Nullable String doubt(String text, Set<String> tables, boolean plain) {
    Set<String> names = new HashSet<>();
    tables.forEach(table -> names.add(table.toLowerCase(Locale.ROOT)));
    Matcher common = COMMON.matcher(text);
    while (common.find()) {
      names.add(common.group(1));
    }
    String function = KnownFunctions.unknownIn(text, names);
    if (function != null) {
      return "calls " + function + ", of which it is not known what it touches";
    }
    return plain && INTO.matcher(text).find() ? "selects into something" : null;
  }

  /** Returns the tables whose rows a statement changes; null if it is none that changes rows. */
  private static @Nullable List<String> targets(Statement statement) {
    List<String> targets = new ArrayList<>();
    if (statement instanceof Insert insert) {
      targets.add(insert.getTable().getFullyQualifiedName());
    } else if (statement instanceof Update update) {
      targets.add(update.getTable().getFullyQualifiedName());
    } else if (statement instanceof Delete delete) {
      targets.add(delete.getTable().getFullyQualifiedName());
    } else if (statement instanceof Merge merge) {
      targets.add(merge.getTable().getFullyQualifiedName());
    } else if (statement instanceof Upsert upsert) {
      targets.add(upsert.getTable().getFullyQualifiedName());
    } else if (statement instanceof Truncate) {
      targets.addAll(new TablesNamesFinder<Void>().getTables(statement));
    } else if (!(statement instanceof Select)) {
      return null;
    } else {
      targets.addAll(new TablesNamesFinder<Void>().getTables(statement));
    }
    return targets;
  }

  private static boolean isPlainSelect(String text) {
    return (text.startsWith("select")
            || text.startsWith("with")
            || text.startsWith("(")
            || text.startsWith("values"))
        && !CHANGES.matcher(text).find();
  }
}
