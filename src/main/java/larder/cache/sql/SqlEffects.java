package larder.cache.sql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.delete.Delete;
import net.sf.jsqlparser.statement.insert.Insert;
import net.sf.jsqlparser.statement.merge.Merge;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.update.Update;
import net.sf.jsqlparser.statement.upsert.Upsert;
import net.sf.jsqlparser.util.TablesNamesFinder;
import org.jspecify.annotations.Nullable;

/**
 * What statements read and write, found by a parser of SQL and remembered by their text.
 *
 * <p>A statement that the parser does not take, one that is neither a query nor a change of rows,
 * and one that calls a function which is not known to touch no table, leave a doubt. So does one
 * that is not parsed in time, for a minute: that may be a busy machine, not the statement. Never
 * throws. Thread-safe.
 */
public final class SqlEffects {

  private static final int MOST_REMEMBERED = 2_000;
  private static final int LONGEST_REMEMBERED = 4_000;
  private static final int LONGEST_PARSED = 200_000;
  private static final Duration LONGEST_PARSING = Duration.ofSeconds(2);
  private static final Duration TRIED_AGAIN_AFTER = Duration.ofMinutes(1);
  private static final String TOO_SLOW = "took too long to be parsed";

  private static final Pattern CHANGES =
      Pattern.compile("\\b(?<!for )(?<!for no key )(insert|update|delete|merge)\\b(?! *\\()");
  private static final Pattern COMMON =
      Pattern.compile(
          "(\"[^\"]+\"|[a-z_][\\w$]*) ?(?:\\([^()]*\\) ?)?as (?:not )?(?:materialized )?\\(");
  private static final Pattern SELECTS_INTO = Pattern.compile("\\binto\\b");
  private static final Pattern NESTED_ORDER = Pattern.compile("\\bby ?\\( ?select\\b");
  private static final Pattern ONLY = Pattern.compile("(?i)\\b(from|update|join)\\s+only\\s+");
  private static final Pattern TRUNCATE =
      Pattern.compile("truncate (?:table )?(.*?)(?: restart identity| continue identity)?");
  private static final Pattern SETTINGS =
      Pattern.compile(
          "(?:set|reset|show|savepoint|release|listen|unlisten|notify)\\b.*"
              + "|begin|start transaction|rollback to .*");

  private static final ExecutorService PARSERS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "larder-sql-parser");
            thread.setDaemon(true);
            return thread;
          });

  private final ExecutorService parsers;
  private final Duration longestParsing;
  private final Cache<String, SqlEffect> effects;
  private final Cache<String, Boolean> changes =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

  /** Has seen no statement yet. */
  public SqlEffects() {
    this(PARSERS, LONGEST_PARSING, Ticker.systemTicker());
  }

  SqlEffects(ExecutorService parsers, Duration longestParsing, Ticker ticker) {
    this.parsers = parsers;
    this.longestParsing = longestParsing;
    this.effects =
        Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfter(Expiry.creating(SqlEffects::remembered))
            .ticker(ticker)
            .build();
  }

  private static Duration remembered(String sql, SqlEffect effect) {
    return TOO_SLOW.equals(effect.doubt()) ? TRIED_AGAIN_AFTER : Duration.ofDays(36_500);
  }

  /** Returns what a text of one or several statements does. */
  public SqlEffect of(String sql) {
    return sql.length() > LONGEST_REMEMBERED ? find(sql) : effects.get(sql, this::find);
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
   * Returns whether a text may do anything else than read, which takes no parser to tell: false
   * only for a query that calls no function of unknown effect.
   */
  public boolean mayChange(String sql) {
    return sql.length() > LONGEST_REMEMBERED
        ? looksLikeChange(sql)
        : changes.get(sql, SqlEffects::looksLikeChange);
  }

  private static boolean looksLikeChange(String sql) {
    String text = SqlText.normalized(sql);
    return text.contains(";")
        || !isQuery(text)
        || CHANGES.matcher(text).find()
        || KnownFunctions.unknownIn(text, commonNames(text)) != null;
  }

  private SqlEffect find(String sql) {
    SqlEffect all = SqlEffect.nothing(false, null);
    for (String statement : SqlText.statements(sql)) {
      all = all.and(findOne(statement));
    }
    return all;
  }

  private SqlEffect findOne(String sql) {
    String text = SqlText.normalized(sql);
    if (SETTINGS.matcher(text).matches()) {
      return SqlEffect.nothing(false, null);
    }
    boolean plain = isQuery(text) && !(isCommon(text) && CHANGES.matcher(text).find());
    Matcher truncate = TRUNCATE.matcher(text);
    if (truncate.matches()) {
      return truncated(truncate.group(1));
    } else if (sql.length() > LONGEST_PARSED) {
      return SqlEffect.nothing(!plain, "is too long to be parsed");
    }
    try {
      Statement parsed =
          CCJSqlParserUtil.parse(
              ONLY.matcher(sql).replaceAll("$1 "),
              parsers,
              parser -> parser.withTimeOut(longestParsing.toMillis()));
      return effect(parsed, text, plain);
    } catch (JSQLParserException | RuntimeException | StackOverflowError failure) {
      boolean late = failure.getCause() instanceof TimeoutException;
      return SqlEffect.nothing(!plain, late ? TOO_SLOW : "is not understood");
    }
  }

  private static SqlEffect truncated(String names) {
    Set<String> tables = new LinkedHashSet<>();
    for (String name : names.split(",", -1)) {
      tables.add(name.replace("only ", "").replace("*", "").trim());
    }
    boolean clear = tables.stream().allMatch(name -> name.matches("[\\w$.\"]+"));
    return clear
        ? new SqlEffect(tables, tables, Set.of(), /* writes= */ true, null)
        : SqlEffect.nothing(/* writes= */ true, "truncates more than it names");
  }

  private static SqlEffect effect(Statement statement, String text, boolean plain) {
    String target = target(statement);
    if (target == null && !(statement instanceof Select)) {
      return SqlEffect.nothing(/* writes= */ true, "is neither a query nor a change of rows");
    }
    Set<String> tables = new LinkedHashSet<>(new TablesNamesFinder<Void>().getTables(statement));
    if (target != null) {
      tables.add(target);
    }
    Set<String> common = isCommon(text) ? commonNames(text) : Set.of();
    Set<String> changed =
        plain ? Set.of() : target == null || isCommon(text) ? tables : Set.of(target);
    return new SqlEffect(tables, changed, common, !plain, doubt(text, tables, common, plain));
  }

  private static @Nullable String doubt(
      String text, Set<String> tables, Set<String> common, boolean plain) {
    Set<String> names = new HashSet<>(common);
    tables.forEach(table -> names.add(table.toLowerCase(Locale.ROOT)));
    String function = KnownFunctions.unknownIn(text, names);
    if (function != null) {
      return "calls " + function + ", of which it is not known what it touches";
    } else if (NESTED_ORDER.matcher(text).find()) {
      return "orders by a query of its own";
    }
    return plain && SELECTS_INTO.matcher(text).find() ? "selects into something" : null;
  }

  /** Returns the table whose rows a statement changes; null if it is none that changes rows. */
  private static @Nullable String target(Statement statement) {
    if (statement instanceof Insert insert) {
      return insert.getTable().getFullyQualifiedName();
    } else if (statement instanceof Update update) {
      return update.getTable().getFullyQualifiedName();
    } else if (statement instanceof Delete delete) {
      return delete.getTable().getFullyQualifiedName();
    } else if (statement instanceof Merge merge) {
      return merge.getTable().getFullyQualifiedName();
    } else if (statement instanceof Upsert upsert) {
      return upsert.getTable().getFullyQualifiedName();
    }
    return null;
  }

  private static boolean isQuery(String text) {
    return text.startsWith("select")
        || isCommon(text)
        || text.startsWith("(")
        || text.startsWith("values");
  }

  private static boolean isCommon(String text) {
    return text.startsWith("with ");
  }

  /** Returns the names that a statement gives to queries of its own. */
  private static Set<String> commonNames(String text) {
    if (!isCommon(text)) {
      return Set.of();
    }
    Set<String> names = new LinkedHashSet<>();
    Matcher common = COMMON.matcher(text);
    while (common.find()) {
      names.add(common.group(1));
    }
    return names;
  }
}
