package larder.cache.page;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.MethodParameter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.condition.NameValueExpression;
import org.springframework.web.servlet.mvc.condition.ProducesRequestCondition;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Reads what {@link CacheablePage} declares, and refuses what cannot hold. */
final class DeclaredPages {

  private static final Set<String> NEVER_VARY = Set.of("cookie", "authorization", "*");

  private static final List<Class<?>> LATER =
      List.of(
          Callable.class,
          CompletionStage.class,
          DeferredResult.class,
          WebAsyncTask.class,
          ResponseBodyEmitter.class,
          StreamingResponseBody.class);

  private DeclaredPages() {}

  /**
   * Returns what a handler declares; null if it makes no page to keep.
   *
   * @throws IllegalStateException if a declaration cannot hold
   */
  static @Nullable PageRule of(RequestMappingInfo mapping, HandlerMethod handler) {
    Method method = handler.getMethod();
    CacheablePage page = AnnotatedElementUtils.findMergedAnnotation(method, CacheablePage.class);
    if (page == null) {
      return null;
    }
    Set<String> vary = new TreeSet<>();
    Arrays.stream(page.vary()).forEach(header -> vary.add(header.toLowerCase(Locale.ROOT)));
    check(handler, StringUtils.hasText(page.cache()), "its cache has no name");
    MediaType type = parsed(handler, "produces", page.produces(), MediaType::parseMediaType);
    checkMapping(mapping, handler, vary, type);
    checkVary(handler, vary);
    checkAnswer(handler);
    checkArguments(handler, vary);
    boolean byHost = vary.remove("host");
    return new PageRule(
        method,
        handler.getBeanType(),
        page.cache(),
        parameters(handler, page),
        List.copyOf(vary),
        byHost,
        type,
        cacheControl(handler, page),
        List.of(page.headers()));
  }

  private static void checkMapping(
      RequestMappingInfo mapping, HandlerMethod handler, Set<String> vary, MediaType type) {
    Set<RequestMethod> methods = mapping.getMethodsCondition().getMethods();
    check(
        handler,
        methods.isEmpty() || methods.contains(RequestMethod.GET),
        "it answers no GET, and only answers to GET and HEAD are kept");
    ProducesRequestCondition types = mapping.getProducesCondition();
    check(
        handler,
        types.isEmpty()
            || types.getProducibleMediaTypes().stream().anyMatch(one -> one.isCompatibleWith(type)),
        "its mapping produces %s and not %s".formatted(types, type));
    for (NameValueExpression<String> header : mapping.getHeadersCondition().getExpressions()) {
      check(
          handler,
          vary.contains(header.getName().toLowerCase(Locale.ROOT)),
          "its mapping asks for a request header that vary does not name: " + header);
    }
  }

  private static void checkVary(HandlerMethod handler, Set<String> vary) {
    for (String header : NEVER_VARY) {
      check(
          handler,
          !vary.contains(header),
          "it varies by \"%s\"; a page of one person is never kept".formatted(header));
    }
  }

  private static void checkAnswer(HandlerMethod handler) {
    ResolvableType answer = ResolvableType.forMethodReturnType(handler.getMethod());
    Class<?> type =
        ResponseEntity.class.isAssignableFrom(answer.toClass())
            ? answer.getGeneric(0).toClass()
            : answer.toClass();
    boolean later =
        LATER.stream().anyMatch(one -> one.isAssignableFrom(type))
            || ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null;
    check(handler, !later, "it answers later, as %s does".formatted(type.getSimpleName()));
  }

  private static void checkArguments(HandlerMethod handler, Set<String> vary) {
    for (MethodParameter parameter : handler.getMethodParameters()) {
      check(
          handler,
          !parameter.hasParameterAnnotation(CookieValue.class),
          "it takes a cookie; a page of one person is never kept");
      RequestHeader header = parameter.getParameterAnnotation(RequestHeader.class);
      check(
          handler,
          header == null || vary.contains(header.name().toLowerCase(Locale.ROOT)),
          "it takes a request header that vary does not name");
    }
  }

  private static Map<String, @Nullable Pattern> parameters(
      HandlerMethod handler, CacheablePage page) {
    Map<String, @Nullable Pattern> parameters = new TreeMap<>();
    for (String declared : page.parameters()) {
      int colon = declared.indexOf(':');
      String name = colon < 0 ? declared : declared.substring(0, colon);
      check(handler, StringUtils.hasText(name), "a parameter has no name");
      parameters.put(
          name,
          colon < 0
              ? null
              : parsed(handler, "parameters", declared.substring(colon + 1), Pattern::compile));
    }
    return parameters;
  }

  private static CacheControl cacheControl(HandlerMethod handler, CacheablePage page) {
    if (page.maxAge().isEmpty()) {
      return CacheControl.noCache();
    }
    Duration age = parsed(handler, "maxAge", page.maxAge(), DurationStyle::detectAndParse);
    check(handler, !age.isNegative(), "maxAge must be zero or positive, was: " + page.maxAge());
    return CacheControl.maxAge(age);
  }

  private static <T> T parsed(
      HandlerMethod handler, String attribute, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException wrong) {
      String why = wrong instanceof PatternSyntaxException e ? e.getDescription() : "";
      throw refused(handler, "%s is wrong: \"%s\" %s".formatted(attribute, text, why).strip());
    }
  }

  private static void check(HandlerMethod handler, boolean holds, String otherwise) {
    if (!holds) {
      throw refused(handler, otherwise);
    }
  }

  private static IllegalStateException refused(HandlerMethod handler, String why) {
    return new IllegalStateException(
        "@CacheablePage on %s cannot hold: %s".formatted(handler.getShortLogMessage(), why));
  }
}
