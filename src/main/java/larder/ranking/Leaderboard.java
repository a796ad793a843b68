package larder.ranking;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.redis.Script;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript;

/**
 * A leaderboard over all nodes, in several windows of time. Thread-safe.
 *
 * <p>Nobody waits for Redis longer than the deadline of its calls, and who adds points not at all.
 */
public final class Leaderboard {

  /** Between a snapshot's time and the oldest that is taken for it. */
  private static final Duration SLACK = Duration.ofMinutes(6);

  private final RedisCalls calls;
  private final String name;
  private final String base;
  private final List<Window> windows;
  private final int capacity;
  private final LongAdder counted = new LongAdder();
  private final LongAdder lost = new LongAdder();

  /**
   * @param name tells the application's boards apart
   * @param windows with names of their own
   * @param capacity so many members are kept of each step at least, twice as many at most
   */
  public Leaderboard(
      RedisCalls calls, Keyspace keyspace, String name, List<Window> windows, int capacity) {
    this.calls = calls;
    this.name = name;
    this.base = keyspace.together("ranking-" + name);
    this.windows = List.copyOf(windows);
    this.capacity = capacity;
  }

  /** Returns the name. */
  public String name() {
    return name;
  }

  /**
   * Adds points to a member, in all windows at once, and returns at once.
   *
   * @param member not empty
   * @param points positive
   * @return later, whether Redis has said that they count; it never fails
   */
  public CompletableFuture<Boolean> add(String member, int points) {
    return add(Map.of(member, points));
  }

  /**
   * Adds points to several members in one step, in all windows at once, and returns at once.
   *
   * @param points for each member, whose name is not empty, how many; positive
   * @return later, whether Redis has said that they count; it never fails
   */
  public CompletableFuture<Boolean> add(Map<String, Integer> points) {
    List<Object> arguments = new ArrayList<>(List.of(capacity, windows.size()));
    windows.forEach(window -> arguments.addAll(of(window)));
    long all = 0;
    for (Map.Entry<String, Integer> one : points.entrySet()) {
      if (one.getKey().isEmpty() || one.getValue() <= 0) {
        throw new IllegalArgumentException(
            "Points must be positive and of a member, were: %d of '%s'"
                .formatted(one.getValue(), one.getKey()));
      }
      arguments.add(one.getKey());
      arguments.add(one.getValue());
      all += one.getValue();
    }
    return all == 0 ? CompletableFuture.completedFuture(true) : send(arguments, all);
  }

  private CompletableFuture<Boolean> send(List<Object> arguments, long points) {
    return calls
        .<Long>later(() -> eval(RankingScripts.ADD, RScript.ReturnType.LONG, arguments))
        .thenApply(
            answer -> {
              (answer == null ? lost : counted).add(points);
              return answer != null;
            });
  }

  /**
   * Returns those with the highest scores now, the first first; null if Redis did not answer.
   *
   * @param most how many at most
   */
  public @Nullable List<Ranked> top(Window window, int most) {
    List<?> found = await(RankingScripts.TOP, window, most);
    if (found == null) {
      return null;
    }
    List<Ranked> top = new ArrayList<>(found.size() / 2);
    for (int i = 0; i + 1 < found.size(); i += 2) {
      top.add(new Ranked(i / 2 + 1, text(found.get(i)), number(found.get(i + 1))));
    }
    return top;
  }

  /** Returns where a member is now, if it has any points; null if Redis did not answer. */
  @SuppressWarnings("NullableOptional") // null and empty mean different things
  public @Nullable Optional<Ranked> rank(Window window, String member) {
    List<?> found = await(RankingScripts.RANK, window, member);
    if (found == null) {
      return null;
    }
    return found.size() < 2
        ? Optional.empty()
        : Optional.of(new Ranked((int) number(found.get(0)) + 1, member, number(found.get(1))));
  }

  /**
   * Keeps the order of this minute; nothing is changed if Redis does not answer. Twice in a minute
   * the later counts.
   *
   * @param most how many of the first, at most 1,000
   * @param age how old it may be when it is asked for
   * @return whether it is kept
   */
  public boolean remember(Window window, int most, Duration age) {
    List<Object> arguments = new ArrayList<>(of(window));
    arguments.add(Math.min(most, 1_000));
    arguments.add(age.plus(SLACK).toMillis());
    Long kept =
        calls.await(() -> eval(RankingScripts.REMEMBER, RScript.ReturnType.LONG, arguments));
    return kept != null;
  }

  /**
   * Returns the members that were first some time ago, in their order; null if that was not kept,
   * or if Redis did not answer.
   *
   * @param age in whole minutes; up to five minutes more count as well
   */
  public @Nullable List<String> earlier(Window window, Duration age) {
    List<?> found =
        calls.await(
            () ->
                eval(
                    RankingScripts.EARLIER,
                    RScript.ReturnType.LIST,
                    List.of(window.name(), age.toMinutes())));
    if (found == null || found.isEmpty()) {
      return null;
    }
    return found.subList(1, found.size()).stream().map(Leaderboard::text).toList();
  }

  /** Returns how many points were added. */
  public long countedTotal() {
    return counted.sum();
  }

  /** Returns how many points were sent of which Redis did not say that they count. */
  public long lostTotal() {
    return lost.sum();
  }

  private @Nullable List<?> await(String script, Window window, Object argument) {
    List<Object> arguments = new ArrayList<>(of(window));
    arguments.add(argument);
    return calls.<List<?>>await(() -> eval(script, RScript.ReturnType.LIST, arguments));
  }

  private static List<Object> of(Window window) {
    return List.of(window.name(), window.step().toMillis(), window.steps());
  }

  private <T> CompletionStage<T> eval(String script, RScript.ReturnType type, List<?> arguments) {
    Object[] bytes =
        arguments.stream().map(argument -> argument.toString().getBytes(UTF_8)).toArray();
    return new Script(script, type).run(calls, List.of(base), bytes);
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, UTF_8);
  }

  private static long number(Object bytes) {
    return Long.parseLong(text(bytes));
  }
}
