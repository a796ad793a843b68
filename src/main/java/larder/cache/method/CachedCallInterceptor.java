package larder.cache.method;

import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import larder.cache.CachedCall;
import larder.cache.CachedCall.Source;
import larder.cache.CachedCallListener;
import larder.cache.load.Call;
import larder.cache.manager.NearHits;
import larder.cache.transaction.CacheTransactions;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The call of an annotated method, around Spring's cache advice: it takes the origin of what the
 * method reads, and tells the listeners how it was answered.
 */
public final class CachedCallInterceptor implements MethodInterceptor {

  private static final Logger log = LoggerFactory.getLogger(CachedCallInterceptor.class);

  private final PlainCalls plain;
  private final Supplier<CacheTransactions> transactions;
  private final Supplier<Stream<CachedCallListener>> found;
  private final Supplier<? extends HitSampler> sampling;
  private final Supplier<? extends UsageSampler> using;
  private volatile @Nullable List<CachedCallListener> listeners;
  private volatile @Nullable HitSampler sampler;
  private volatile @Nullable UsageSampler usage;

  /**
   * @param plain finds the calls that need no more than a near entry
   * @param transactions gives the origin of what begins now
   * @param listeners gives the listeners; asked at the first call
   * @param sampling gives who draws calls; asked at the first call
   * @param using gives who takes note of calls; asked at the first call
   */
  public CachedCallInterceptor(
      PlainCalls plain,
      Supplier<CacheTransactions> transactions,
      Supplier<Stream<CachedCallListener>> listeners,
      Supplier<? extends HitSampler> sampling,
      Supplier<? extends UsageSampler> using) {
    this.plain = plain;
    this.transactions = transactions;
    this.found = listeners;
    this.sampling = sampling;
    this.using = using;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    long began = listeners().isEmpty() ? 0 : System.nanoTime();
    MethodInvocation drawn = sampler().draw(invocation);
    PlainCall known = plain.of(invocation);
    boolean outermost = Call.current() == null;
    if (outermost) {
      Object answer = known.answer(invocation.getArguments());
      if (answer != NearHits.NONE) {
        hit(invocation, drawn, began);
        return answer;
      }
    }
    return proceed(invocation, known, outermost, drawn, began);
  }

  /** Does for a near hit that was no part of another call what is done after every call. */
  private void hit(MethodInvocation invocation, @Nullable MethodInvocation drawn, long began) {
    usage().answered(invocation, /* loaded= */ false);
    if (drawn != null) {
      sampler().hit(drawn);
    }
    if (!listeners().isEmpty()) {
      tell(new CachedCall(invocation.getMethod(), Source.NEAR, System.nanoTime() - began, 1));
    }
  }

  private @Nullable Object proceed(
      MethodInvocation invocation,
      PlainCall known,
      boolean outermost,
      @Nullable MethodInvocation drawn,
      long began)
      throws Throwable {
    Call call = Call.begin(transactions.get().origin());
    if (known.loadsNext()) {
      call.loadsNext();
    }
    Object result = null;
    boolean threw = true;
    try {
      Object found = outermost ? known.look(invocation.getArguments()) : NearHits.NONE;
      result = found == NearHits.NONE ? invocation.proceed() : found;
      threw = false;
      return result;
    } finally {
      call.end();
      if (!threw && call.hasLookedUp()) {
        usage().answered(invocation, call.source() == Source.LOADED);
      }
      if (drawn != null && call.hasLookedUp() && call.source() != Source.LOADED) {
        sampler().hit(drawn);
      }
      if (result instanceof CompletionStage<?> later) {
        var unused = later.whenComplete((value, e) -> ended(invocation.getMethod(), call, began));
      } else {
        ended(invocation.getMethod(), call, began);
      }
    }
  }

  private HitSampler sampler() {
    HitSampler known = sampler;
    if (known == null) {
      known = sampling.get();
      sampler = known;
    }
    return known;
  }

  private UsageSampler usage() {
    UsageSampler known = usage;
    if (known == null) {
      known = using.get();
      usage = known;
    }
    return known;
  }

  private List<CachedCallListener> listeners() {
    List<CachedCallListener> known = listeners;
    if (known == null) {
      known = found.get().toList();
      listeners = known;
    }
    return known;
  }

  private void ended(Method method, Call call, long began) {
    call.handUp();
    call.finish();
    tell(method, call, began);
  }

  private void tell(Method method, Call call, long began) {
    if (!call.hasLookedUp() || listeners().isEmpty()) {
      return;
    }
    long took = System.nanoTime() - began;
    call.answers()
        .forEach(
            (source, parts) ->
                tell(new CachedCall(method, source, source == call.source() ? took : 0, parts)));
  }

  private void tell(CachedCall answered) {
    for (CachedCallListener listener : listeners()) {
      try {
        listener.answered(answered);
      } catch (RuntimeException e) {
        log.warn("A CachedCallListener threw after {}", answered.method(), e);
      }
    }
  }
}
