package larder.cache.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import larder.cache.CachedCall;
import larder.cache.CachedCall.Source;
import larder.cache.CachedCallListener;
import larder.cache.manager.CallObserver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;

class CachedCallInterceptorTests {

  interface Service {
    @Nullable Object call(Callable<@Nullable Object> body) throws Exception;
  }

  private final List<CachedCall> heard = new ArrayList<>();

  private Service service(CachedCallListener... listeners) {
    ProxyFactory factory = new ProxyFactory((Service) Callable::call);
    factory.addAdvice(new CachedCallInterceptor(() -> Stream.of(listeners)));
    return (Service) factory.getProxy();
  }

  @Test
  void tellsEveryListenerOfALoad() throws Exception {
    List<CachedCall> heardToo = new ArrayList<>();
    Object answer = service(heard::add, heardToo::add).call(() -> "answer");

    assertThat(answer).isEqualTo("answer");
    assertThat(heard).singleElement().returns(Source.LOADED, CachedCall::source);
    assertThat(heard.get(0).method().getName()).isEqualTo("call");
    assertThat(heardToo).isEqualTo(heard);
  }

  @Test
  void tellsOfAHit() throws Exception {
    service(heard::add)
        .call(
            () -> {
              CallScope.current().hit();
              return null;
            });
    assertThat(heard).singleElement().returns(Source.REMOTE, CachedCall::source);
  }

  @Test
  void tellsOfACallThatThrew() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                service(heard::add)
                    .call(
                        () -> {
                          throw new IllegalStateException("no");
                        }))
        .withMessage("no");
    assertThat(heard).singleElement().returns(Source.LOADED, CachedCall::source);
    assertThat(CallScope.current()).isSameAs(CallObserver.NO_OP);
  }

  @Test
  void anInnerCallsHitIsItsOwn() throws Exception {
    Service service = service(heard::add);
    service.call(
        () ->
            service.call(
                () -> {
                  CallScope.current().hit();
                  return null;
                }));
    assertThat(heard).extracting(CachedCall::source).containsExactly(Source.REMOTE, Source.LOADED);
  }

  @Test
  void tellsOfAFutureWhenItIsDone() throws Exception {
    CompletableFuture<String> later = new CompletableFuture<>();
    service(heard::add).call(() -> later);
    assertThat(heard).isEmpty();

    later.complete("answer");
    assertThat(heard).hasSize(1);
    assertThat(CallScope.current()).isSameAs(CallObserver.NO_OP);
  }

  @Test
  void aListenerThatThrowsKeepsNoAnswerAndNoOtherListenerBack() throws Exception {
    CachedCallListener throwing =
        call -> {
          throw new IllegalStateException("a listener that throws");
        };
    assertThat(service(throwing, heard::add).call(() -> "answer")).isEqualTo("answer");
    assertThat(heard).hasSize(1);
  }

  @Test
  void measuresNothingWithoutAListener() throws Exception {
    service()
        .call(
            () -> {
              assertThat(CallScope.current()).isSameAs(CallObserver.NO_OP);
              return null;
            });
  }
}
