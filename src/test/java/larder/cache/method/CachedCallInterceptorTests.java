package larder.cache.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import larder.cache.CachedCall;
import larder.cache.CachedCall.Source;
import larder.cache.CachedCallListener;
import larder.cache.load.Call;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.node.Stamp;
import larder.cache.transaction.MemoryNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;

class CachedCallInterceptorTests {

  interface Service {
    @Nullable Object call(Callable<@Nullable Object> body) throws Exception;
  }

  private final MemoryNode node = new MemoryNode(Duration.ofSeconds(60));
  private final List<CachedCall> heard = new ArrayList<>();
  private final List<Boolean> used = new ArrayList<>();

  private Service service(CachedCallListener... listeners) {
    ProxyFactory factory = new ProxyFactory((Service) Callable::call);
    factory.addAdvice(
        new CachedCallInterceptor(
            new PlainCalls(new AnnotationCacheOperationSource(), Optional::empty),
            () -> node.transactions,
            () -> Stream.of(listeners),
            () -> HitSampler.NONE,
            () -> (invocation, loaded) -> used.add(loaded)));
    return (Service) factory.getProxy();
  }

  @Test
  void tellsEveryListenerOfALoad() throws Exception {
    List<CachedCall> heardToo = new ArrayList<>();
    Object answer = service(heard::add, heardToo::add).call(() -> missed("answer"));

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
              hit();
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
                          missed("");
                          throw new IllegalStateException("no");
                        }))
        .withMessage("no");
    assertThat(heard).singleElement().returns(Source.LOADED, CachedCall::source);
    assertThat(Call.current()).isNull();
  }

  @Test
  void anInnerCallsHitIsItsOwn() throws Exception {
    Service service = service(heard::add);
    service.call(
        () -> {
          missed("");
          return service.call(
              () -> {
                hit();
                return null;
              });
        });
    assertThat(heard).extracting(CachedCall::source).containsExactly(Source.REMOTE, Source.LOADED);
  }

  @Test
  void tellsOfAFutureWhenItIsDone() throws Exception {
    CompletableFuture<String> later = new CompletableFuture<>();
    service(heard::add).call(() -> missed(later));
    assertThat(heard).isEmpty();

    later.complete("answer");
    assertThat(heard).hasSize(1);
    assertThat(Call.current()).isNull();
  }

  @Test
  void aListenerThatThrowsKeepsNoAnswerAndNoOtherListenerBack() throws Exception {
    CachedCallListener throwing =
        call -> {
          throw new IllegalStateException("a listener that throws");
        };
    assertThat(service(throwing, heard::add).call(() -> missed("answer"))).isEqualTo("answer");
    assertThat(heard).hasSize(1);
  }

  /** A call that no cache was asked for is none: its condition said no. */
  @Test
  void tellsNothingOfACallThatAskedNoCache() throws Exception {
    service(heard::add).call(() -> "answer");

    assertThat(heard).isEmpty();
  }

  @Test
  void tellsWhetherACallThatAskedACacheLoaded() throws Exception {
    Service service = service();
    service.call(() -> missed("answer"));
    service.call(
        () -> {
          hit();
          return null;
        });
    service.call(() -> "asked none");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                service.call(
                    () -> {
                      missed("");
                      throw new IllegalStateException("no");
                    }));
    assertThat(used).containsExactly(true, false);
  }

  @Test
  void takesTheOriginBeforeTheMethodRuns() throws Exception {
    Position before = node.follower.position();
    service()
        .call(
            () -> {
              node.service.append(Tags.of("c:users"));
              assertThat(
                      java.util.Objects.requireNonNull(current().news(Tags.of("k:users:1"))).asOf())
                  .isEqualTo(before);
              return null;
            });
    assertThat(node.follower.position()).isNotEqualTo(before);
  }

  @Test
  void anInnerCallsHitIsWhatTheOuterConsumed() throws Exception {
    Service service = service(heard::add);
    service.call(
        () -> {
          service.call(
              () -> {
                hit();
                return null;
              });
          Stamp stamp = current().stamp(node.follower.origin(), Tags.of("k:outer:1"));
          assertThat(stamp.tags()).isEqualTo(Tags.of("k:outer:1", "k:users:1"));
          return null;
        });
  }

  private void hit() {
    Stamp stamp = Stamp.remote(node.follower.position(), Tags.of("k:users:1"));
    current().hit(Source.REMOTE, stamp, System.nanoTime());
  }

  private static <T> T missed(T answer) {
    current().missed(new larder.cache.load.NothingFound("users:1", "k:users:1"));
    return answer;
  }

  private static Call current() {
    return java.util.Objects.requireNonNull(Call.current());
  }
}
