package larder.cache.consistency;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import larder.cache.LarderProperties.Consistency;
import larder.cache.log.Position;
import larder.cache.method.HitSampler;
import larder.cache.statistics.Statistics;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A meter of the promise: a small share of the calls that caches answer is made again behind the
 * callers' backs, and {@linkplain Checks compared} with what their methods say.
 *
 * <p>Not made again are calls inside of a transaction, calls with {@linkplain KeepableArguments
 * arguments that may change}, those of {@linkplain SampledMethods methods that do more than read},
 * and all while this node is not current. Thread-safe.
 */
public final class ConsistencyMeter implements HitSampler, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ConsistencyMeter.class);

  private final Draws draws;
  private final SampledMethods methods;
  private final Checks checks;
  private final BooleanSupplier current;
  private final UnitOfWork units;
  private final Supplier<Position> position;
  private final ScheduledExecutorService thread;

  /**
   * @param settings how much is sampled
   * @param bound no value is to be served that is staler
   * @param operations what the annotations say
   * @param node what this node knows
   * @param units what a load runs in
   * @param statistics counts checks and mismatches
   */
  public ConsistencyMeter(
      Consistency settings,
      Duration bound,
      CacheOperationSource operations,
      Node node,
      UnitOfWork units,
      Statistics statistics) {
    this.draws = new Draws(settings.oneIn(), settings.perSecond(), node.nanoClock());
    this.methods = new SampledMethods(operations, Set.copyOf(settings.exclude()), node.nanoClock());
    this.thread = thread();
    this.checks = new Checks(bound, this::later, statistics, node.nanoClock(), node.clock());
    this.current = node.current();
    this.units = units;
    this.position = node.position();
  }

  /**
   * What a node knows.
   *
   * @param current whether it is proven current
   * @param position the last record that it has applied
   * @param nanoClock its monotonic clock
   * @param clock its wall clock
   */
  public record Node(
      BooleanSupplier current, Supplier<Position> position, LongSupplier nanoClock, Clock clock) {}

  /** Begins its thread with the first check. */
  private static ScheduledThreadPoolExecutor thread() {
    ScheduledThreadPoolExecutor one =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "larder-consistency");
              thread.setDaemon(true);
              return thread;
            });
    one.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return one;
  }

  private void later(Duration after, Runnable task) {
    var unused = thread.schedule(task, after.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public @Nullable MethodInvocation draw(MethodInvocation invocation) {
    return draws.fall() ? drawn(invocation) : null;
  }

  private @Nullable MethodInvocation drawn(MethodInvocation invocation) {
    try {
      return mayRun(invocation) && draws.take() ? copy(invocation) : null;
    } catch (RuntimeException e) {
      log.debug("A call could not be drawn", e);
      return null;
    }
  }

  private boolean mayRun(MethodInvocation invocation) {
    Object target = invocation.getThis();
    return checks.isReady()
        && current.getAsBoolean()
        && !TransactionSynchronizationManager.isActualTransactionActive()
        && target != null
        && methods.mayRun(invocation.getMethod(), target)
        && KeepableArguments.areAll(invocation.getArguments());
  }

  private static @Nullable MethodInvocation copy(MethodInvocation invocation) {
    return invocation instanceof ProxyMethodInvocation proxied ? proxied.invocableClone() : null;
  }

  @Override
  public void hit(MethodInvocation drawn) {
    try {
      checks.begin(new ProxiedCall((ProxyMethodInvocation) drawn, units, position, methods));
    } catch (RejectedExecutionException e) {
      // The application stops.
    }
  }

  /** Returns the last few mismatches, one for each entry, newest first. */
  public List<Mismatch> mismatches() {
    return checks.mismatches();
  }

  /** Whether no check is under way. */
  public boolean isIdle() {
    return checks.isIdle();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
