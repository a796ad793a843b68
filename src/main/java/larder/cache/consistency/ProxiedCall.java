package larder.cache.consistency;

import java.util.function.Supplier;
import larder.cache.load.Call;
import larder.cache.load.Probe;
import larder.cache.load.Probe.NotServedException;
import larder.cache.load.Probe.Served;
import larder.cache.log.Position;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.interceptor.ExposeInvocationInterceptor;

/**
 * A call of a bean, made again from Spring's cache advice on: what stands around that, such as
 * method security, has let the first call pass and is not asked again.
 */
final class ProxiedCall implements SampledCall {

  private final ProxyMethodInvocation invocation;
  private final UnitOfWork units;
  private final Supplier<Position> position;
  private final SampledMethods methods;

  /**
   * @param invocation the call, not to be proceeded itself
   * @param units what a load runs in
   * @param position the last record that the node has applied
   * @param methods told if the method throws
   */
  ProxiedCall(
      ProxyMethodInvocation invocation,
      UnitOfWork units,
      Supplier<Position> position,
      SampledMethods methods) {
    this.invocation = invocation;
    this.units = units;
    this.position = position;
    this.methods = methods;
  }

  @Override
  public @Nullable Answer serve() throws Throwable {
    Probe probe = Probe.ofCaches();
    try {
      Object value = proceed(probe);
      Served entry = probe.served();
      return entry == null ? null : new Answer(entry, value);
    } catch (NotServedException e) {
      return null;
    }
  }

  @Override
  public Loaded load() throws Throwable {
    Position asOf = position.get();
    return new Loaded(asOf, units.run(() -> proceed(Probe.pastCaches())));
  }

  @Override
  public void failed() {
    Object target = invocation.getThis();
    if (target != null) {
      methods.failed(invocation.getMethod(), target);
    }
  }

  private @Nullable Object proceed(Probe probe) throws Throwable {
    Call call = Call.beginProbe(probe);
    try {
      MethodInvocation again = invocation.invocableClone();
      return ExposeInvocationInterceptor.INSTANCE.invoke(again);
    } finally {
      call.end();
    }
  }
}
