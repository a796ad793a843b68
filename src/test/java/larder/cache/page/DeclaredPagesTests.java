package larder.cache.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

class DeclaredPagesTests {

  @SuppressWarnings("unused")
  static final class Declared {

    String none() {
      return "";
    }

    @CacheablePage(
        parameters = {"q:[a-z]+", "page"},
        vary = {"X-Colour", "Host"},
        maxAge = "30s",
        headers = "Link")
    String all(@RequestHeader("X-Colour") String colour) {
      return colour;
    }

    @CacheablePage(vary = "cookie")
    String byCookie() {
      return "";
    }

    @CacheablePage(vary = "Authorization")
    String byPassword() {
      return "";
    }

    @CacheablePage
    String takesCookie(@CookieValue("theme") String theme) {
      return theme;
    }

    @CacheablePage
    String takesHeader(@RequestHeader("User-Agent") String agent) {
      return agent;
    }

    @CacheablePage
    Callable<String> later() {
      return () -> "";
    }

    @CacheablePage
    ResponseEntity<CompletableFuture<String>> laterStill() {
      return ResponseEntity.ok(CompletableFuture.completedFuture(""));
    }

    @CacheablePage(parameters = "q:[a-")
    String badPattern() {
      return "";
    }

    @CacheablePage(maxAge = "soon")
    String badAge() {
      return "";
    }

    @CacheablePage(produces = "text")
    String badType() {
      return "";
    }

    @CacheablePage(cache = " ")
    String noCache() {
      return "";
    }

    @CacheablePage
    String plain() {
      return "";
    }
  }

  @Test
  void aMethodWithoutTheAnnotationMakesNoPageToKeep() {
    assertThat(DeclaredPages.of(mapping(RequestMethod.GET).build(), handler("none"))).isNull();
  }

  @Test
  void whatIsDeclaredIsRead() {
    PageRule rule =
        Objects.requireNonNull(
            DeclaredPages.of(mapping(RequestMethod.GET).build(), handler("all")));

    assertThat(rule.cache()).isEqualTo("pages");
    assertThat(rule.parameters()).containsOnlyKeys("page", "q").containsEntry("page", null);
    assertThat(Map.copyOf(Map.of("q", Objects.requireNonNull(rule.parameters().get("q")))))
        .hasToString("{q=[a-z]+}");
    assertThat(rule.vary()).containsExactly("x-colour");
    assertThat(rule.byHost()).isTrue();
    assertThat(rule.cacheControl().getHeaderValue()).isEqualTo("max-age=30");
    assertThat(rule.headers()).containsExactly("Link");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "byCookie | it varies by \"cookie\"",
        "byPassword | it varies by \"authorization\"",
        "takesCookie | it takes a cookie",
        "takesHeader | it takes a request header that vary does not name",
        "later | it answers later, as Callable does",
        "laterStill | it answers later, as CompletableFuture does",
        "badPattern | parameters is wrong: \"[a-\"",
        "badAge | maxAge is wrong: \"soon\"",
        "badType | produces is wrong: \"text\"",
        "noCache | its cache has no name"
      })
  void whatCannotHoldIsRefused(String method, String why) {
    assertThatThrownBy(() -> DeclaredPages.of(mapping(RequestMethod.GET).build(), handler(method)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("@CacheablePage on ")
        .hasMessageContaining("Declared#" + method)
        .hasMessageContaining(why);
  }

  @Test
  void aMappingThatDoesNotFitIsRefused() {
    assertThatThrownBy(
            () -> DeclaredPages.of(mapping(RequestMethod.POST).build(), handler("plain")))
        .hasMessageContaining("it answers no GET");
    assertThatThrownBy(
            () ->
                DeclaredPages.of(
                    mapping(RequestMethod.GET).headers("X-Api=2").build(), handler("plain")))
        .hasMessageContaining("X-Api");
    assertThatThrownBy(
            () ->
                DeclaredPages.of(
                    mapping(RequestMethod.GET).produces("application/json").build(),
                    handler("plain")))
        .hasMessageContaining("not text/html");
  }

  private static RequestMappingInfo.Builder mapping(RequestMethod method) {
    return RequestMappingInfo.paths("/page").methods(method);
  }

  private static HandlerMethod handler(String name) {
    Method method =
        Arrays.stream(Declared.class.getDeclaredMethods())
            .filter(one -> one.getName().equals(name))
            .findFirst()
            .orElseThrow();
    return new HandlerMethod(new Declared(), method);
  }
}
