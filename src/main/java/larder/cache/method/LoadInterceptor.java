package larder.cache.method;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import larder.cache.load.Call;
import larder.cache.load.Loads;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ObjectUtils;

/**
 * The run of a method whose lookups found nothing, inside of Spring's cache advice: one for each
 * key, whoever else asks for it meanwhile.
 */
public final class LoadInterceptor implements MethodInterceptor {

  private final Supplier<Loads> loads;

  /**
   * @param loads brings missing values
   */
  public LoadInterceptor(Supplier<Loads> loads) {
    this.loads = loads;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    Call call = Call.current();
    if (call == null) {
      return invocation.proceed();
    }
    Class<?> declared = invocation.getMethod().getReturnType();
    if (CompletionStage.class.isAssignableFrom(declared)) {
      return loadLater(call, invocation);
    } else if (!call.hasMissed() || declared.getName().startsWith("reactor.")) {
      return invocation.proceed();
    }
    Object value = loads.get().load(call, () -> ObjectUtils.unwrapOptional(invocation.proceed()));
    return declared == Optional.class ? Optional.ofNullable(value) : value;
  }

  /** The rest of Spring's advice runs when the value is there, as part of the same call. */
  private @Nullable Object loadLater(Call call, MethodInvocation invocation) throws Throwable {
    Loads.Later later = call.hasMissed() ? loads.get().begin(call) : value -> {};
    if (!(invocation.proceed() instanceof CompletionStage<?> stage)) {
      return null;
    }
    CompletableFuture<Object> result = new CompletableFuture<>();
    var unused =
        stage.whenComplete(
            (value, failure) ->
                call.resume(
                    () -> {
                      if (failure != null) {
                        result.completeExceptionally(failure);
                      } else {
                        later.arrived(value);
                        result.complete(value);
                      }
                    }));
    return result;
  }
}
