package larder.limit.method;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import larder.limit.Algorithm;
import larder.limit.InvalidLimitException;
import larder.limit.Limit;
import larder.limit.RateLimited;
import larder.limit.RateLimited.By;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.annotation.RepeatableContainers;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/** Reads the limits of methods, and refuses what cannot hold with the method's name. */
final class MethodLimitParser {

  private static final Set<String> KNOWN = Set.of("#root", "#this");

  private final SpelExpressionParser expressions = new SpelExpressionParser();
  private final DefaultParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();

  /**
   * Returns the limits of a method, in the order written; empty if it has none.
   *
   * @throws InvalidLimitException if one cannot hold
   */
  List<MethodLimit> parse(Method method) {
    return MergedAnnotations.from(
            method, SearchStrategy.TYPE_HIERARCHY, RepeatableContainers.standardRepeatables())
        .stream(RateLimited.class)
        .map(MergedAnnotation::synthesize)
        .map(said -> parse(method, said))
        .toList();
  }

  private MethodLimit parse(Method method, RateLimited said) {
    boolean byKey = said.by() == By.KEY;
    if (byKey == said.key().isEmpty()) {
      throw invalid(
          method,
          byKey ? "counts by key and has no key" : "has a key and does not count by key",
          "Say by = KEY and a key, or neither.");
    }
    return new MethodLimit(
        limit(method, said),
        said.by(),
        expression(method, "key", said.key()),
        expression(method, "condition", said.condition()));
  }

  private static Limit limit(Method method, RateLimited said) {
    boolean bucket = said.algorithm() == Algorithm.TOKEN_BUCKET;
    try {
      return new Limit(
          said.name().isEmpty() ? place(method) : said.name(),
          said.algorithm(),
          said.limit(),
          window(method, said.window()),
          said.burst() == 0 ? said.limit() : said.burst(),
          said.whenAway(),
          /* enabled= */ true);
    } catch (InvalidLimitException e) {
      String more = bucket || said.burst() == 0 ? "" : " (a burst is for token buckets)";
      throw invalid(method, "cannot hold: " + e.getMessage() + more, e.remedy());
    }
  }

  private static Duration window(Method method, String text) {
    try {
      return DurationStyle.detectAndParse(text);
    } catch (IllegalArgumentException e) {
      throw invalid(
          method,
          "has a window that is no duration: \"%s\"".formatted(text),
          "Write it like 30s, 15m or PT1H.");
    }
  }

  private @Nullable Expression expression(Method method, String attribute, String text) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      SpelExpression expression = expressions.parseRaw(text);
      checkVariables(method, attribute, expression.getAST(), variables(method));
      return expression;
    } catch (ParseException e) {
      throw invalid(
          method,
          "has a %s that cannot be read: \"%s\" (%s)".formatted(attribute, text, e.getMessage()),
          "Write SpEL, such as #handle.");
    }
  }

  /** A misspelled name would be null at every call, and all calls one subject. */
  private static void checkVariables(
      Method method, String attribute, SpelNode node, Set<String> known) {
    if (node instanceof VariableReference variable && !known.contains(variable.toStringAST())) {
      throw invalid(
          method,
          "has a %s that speaks of %s, which is no parameter"
              .formatted(attribute, variable.toStringAST()),
          "Use one of " + new TreeSet<>(known));
    }
    for (int i = 0; i < node.getChildCount(); i++) {
      checkVariables(method, attribute, node.getChild(i), known);
    }
  }

  private Set<String> variables(Method method) {
    Set<String> known = new HashSet<>(KNOWN);
    @Nullable String[] parameters = names.getParameterNames(method);
    for (int i = 0; i < method.getParameterCount(); i++) {
      known.add("#p" + i);
      known.add("#a" + i);
      if (parameters != null) {
        known.add("#" + parameters[i]);
      }
    }
    return known;
  }

  /** Returns class and method in short. */
  static String place(Method method) {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }

  static InvalidLimitException invalid(Method method, String why, String remedy) {
    return new InvalidLimitException(
        "@RateLimited on %s.%s %s"
            .formatted(method.getDeclaringClass().getName(), method.getName(), why),
        remedy);
  }
}
