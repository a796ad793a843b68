package larder.cache.method;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import larder.cache.ReadsTables;
import larder.cache.load.Call;
import larder.cache.tracking.Dependencies;
import larder.cache.tracking.ReadTracking;
import larder.cache.tracking.Reads;
import larder.cache.tracking.SeenReads;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.core.MethodClassKey;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * The tracking of what annotated methods read: whether it is wanted, which tables the developer has
 * named, and the word to the developer where something cannot be known. Thread-safe.
 */
public final class MethodTracking {

  private static final Logger log = LoggerFactory.getLogger(MethodTracking.class);

  private final ReadTracking tracking;
  private final CacheOperationSource operations;
  private final Predicate<String> isTracked;
  private final SeenReads seen;
  private final ConcurrentHashMap<MethodClassKey, Tracked> methods = new ConcurrentHashMap<>();

  /**
   * @param operations what the annotations say
   * @param isTracked whether the values of a cache depend on what was read
   * @param seen takes what was read
   */
  public MethodTracking(
      ReadTracking tracking,
      CacheOperationSource operations,
      Predicate<String> isTracked,
      SeenReads seen) {
    this.tracking = tracking;
    this.operations = operations;
    this.isTracked = isTracked;
    this.seen = seen;
  }

  /**
   * A method of whose last load it is not known what it has read.
   *
   * @param method class and name
   * @param caches the caches that its annotations name
   * @param unknown what is not known, in a few words each
   * @param remedy what the developer can do
   */
  public record Unseen(String method, List<String> caches, Set<String> unknown, String remedy) {}

  /** Returns the methods of whose last load it is not known what it has read. */
  public List<Unseen> unseen() {
    return methods.values().stream()
        .filter(method -> !method.last.isEmpty())
        .map(method -> new Unseen(name(method.method), method.caches, method.last, remedy(method)))
        .toList();
  }

  /** Whether any load for a cache so far has read something whose changes are known or may be. */
  public boolean dependsOnData(String cache) {
    return methods.values().stream()
        .anyMatch(method -> method.dependsOnData && method.caches.contains(cache));
  }

  /** What is known of one method. */
  private static final class Tracked {

    final Method method;
    final List<String> caches;
    final @Nullable List<String> declared;
    final Set<String> said = ConcurrentHashMap.newKeySet();
    volatile Set<String> last = Set.of();
    volatile boolean dependsOnData;

    Tracked(Method method, List<String> caches, @Nullable List<String> declared) {
      this.method = method;
      this.caches = caches;
      this.declared = declared;
    }
  }

  /** Begins to collect what a method reads; null if no cache of its wants to know. */
  @Nullable Reads begin(MethodInvocation invocation) {
    return begin(invocation, 0);
  }

  /**
   * Begins to collect what a method reads that makes several values.
   *
   * @param more of how many more rows of a table than for one value it is told which
   * @return null if no cache of the method's wants to know
   */
  public @Nullable Reads begin(MethodInvocation invocation, int more) {
    List<String> caches = of(invocation).caches;
    return caches.isEmpty() || caches.stream().anyMatch(isTracked) ? tracking.begin(more) : null;
  }

  /** A method has returned, and what it began goes on in another thread. */
  void leavesThread(Reads reads) {
    tracking.leavesThread(reads);
  }

  /** Something that runs on behalf of a method. */
  @FunctionalInterface
  public interface Body {

    /** Runs it. */
    void run() throws Exception;
  }

  /**
   * Runs something on behalf of a method that no cache annotation of Spring names, such as one
   * whose answer becomes a page, and has this thread's call know what it has read.
   *
   * @param cache the cache that the outcome is for
   */
  public void follow(Method method, Class<?> type, String cache, Call call, Body body)
      throws Exception {
    Tracked tracked =
        methods.computeIfAbsent(
            new MethodClassKey(method, type),
            unused -> new Tracked(method, List.of(cache), declared(method)));
    if (!isTracked.test(cache)) {
      body.run();
      return;
    }
    Reads reads = tracking.begin();
    call.reading(reads);
    Reads.Span span = reads.resume();
    try {
      body.run();
    } finally {
      span.close();
      conclude(tracked, call, reads);
      if (reads.isPrivate()) {
        Call.keepPrivate();
      }
    }
  }

  /** Takes over into a call what its method has read. */
  public void conclude(MethodInvocation invocation, Call call, Reads reads) {
    conclude(of(invocation), call, reads);
  }

  private void conclude(Tracked method, Call call, Reads reads) {
    Dependencies found = tracking.conclude(reads, method.declared);
    call.read(found);
    seen.note(method.caches, reads, found);
    method.last = found.unknown();
    if (!method.dependsOnData && (!found.complete() || call.dependsOnData())) {
      method.dependsOnData = true;
    }
    if (!found.complete() && method.said.addAll(found.unknown())) {
      log.warn(
          "{}: its values are kept in this process and for a short time only, since it is not known"
              + " when this changes: {}. {}",
          name(method.method),
          found.unknown(),
          remedy(method));
    }
  }

  private static String remedy(Tracked method) {
    return "Name the tables it reads with @ReadsTables, or set larder.caches.%s.tracking=off"
        .formatted(method.caches.isEmpty() ? "<name>" : method.caches.get(0));
  }

  private static String name(Method method) {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }

  private Tracked of(MethodInvocation invocation) {
    Object target = invocation.getThis();
    Method method = invocation.getMethod();
    Class<?> type = target == null ? method.getDeclaringClass() : AopUtils.getTargetClass(target);
    MethodClassKey key = new MethodClassKey(method, type);
    Tracked known = methods.get(key);
    return known != null ? known : methods.computeIfAbsent(key, unused -> look(method, type));
  }

  private Tracked look(Method method, Class<?> type) {
    Collection<CacheOperation> found = operations.getCacheOperations(method, type);
    List<String> caches =
        found == null
            ? List.of()
            : found.stream().flatMap(one -> one.getCacheNames().stream()).distinct().toList();
    Method specific = AopUtils.getMostSpecificMethod(method, type);
    return new Tracked(specific, caches, declared(specific));
  }

  private static @Nullable List<String> declared(Method method) {
    ReadsTables tables = AnnotatedElementUtils.findMergedAnnotation(method, ReadsTables.class);
    return tables == null ? null : Arrays.asList(tables.value());
  }
}
