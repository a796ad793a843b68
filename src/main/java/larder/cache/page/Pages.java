package larder.cache.page;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import larder.cache.manager.LarderCache;
import larder.cache.manager.LarderCache.Puts;
import larder.cache.manager.LarderCacheManager;
import larder.cache.policy.DeclaredPolicies;
import larder.cache.value.ValueTypes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.http.server.RequestPath;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.condition.PathPatternsRequestCondition;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;

/**
 * The pages of the application that are kept, found once the controllers are made. Thread-safe.
 *
 * <p>A request is compared with the paths of these pages first, which costs next to nothing; only
 * if one fits, Spring is asked which handler answers.
 */
public final class Pages implements SmartInitializingSingleton {

  private static final Logger log = LoggerFactory.getLogger(Pages.class);

  private final Supplier<Stream<RequestMappingHandlerMapping>> mappings;
  private final DeclaredPolicies policies;
  private final LarderCacheManager caches;
  private final ValueTypes types;
  private volatile List<Mapped> found = List.of();

  /**
   * @param mappings gives what maps requests to methods of controllers
   * @param policies takes what the annotations say of their caches
   */
  public Pages(
      Supplier<Stream<RequestMappingHandlerMapping>> mappings,
      DeclaredPolicies policies,
      LarderCacheManager caches,
      ValueTypes types) {
    this.mappings = mappings;
    this.policies = policies;
    this.caches = caches;
    this.types = types;
  }

  /** The pages of one mapping. */
  private record Mapped(
      RequestMappingHandlerMapping mapping, Set<PathPattern> paths, Map<Method, Page> pages) {}

  /** A page, and the cache that keeps it. */
  record Page(PageRule rule, LarderCache cache) {}

  /**
   * A page that a request asks for.
   *
   * @param pattern the path of its mapping, as metrics name it
   */
  record Match(Page page, String pattern) {}

  @Override
  public void afterSingletonsInstantiated() {
    List<Mapped> all = new ArrayList<>();
    mappings.get().forEach(mapping -> all.add(pagesOf(mapping)));
    all.removeIf(mapped -> mapped.pages().isEmpty());
    found = List.copyOf(all);
  }

  private Mapped pagesOf(RequestMappingHandlerMapping mapping) {
    Map<Method, Page> pages = new HashMap<>();
    Set<PathPattern> paths = new java.util.LinkedHashSet<>();
    for (Map.Entry<RequestMappingInfo, HandlerMethod> one :
        mapping.getHandlerMethods().entrySet()) {
      PageRule rule = DeclaredPages.of(one.getKey(), one.getValue());
      PathPatternsRequestCondition condition = one.getKey().getPathPatternsCondition();
      if (rule != null && condition != null) {
        policies.add(rule.method(), Set.of(rule.cache()));
        LarderCache cache = caches.getCache(rule.cache());
        pages.put(
            rule.method(), new Page(rule, cache.forMethod(types.of(KeptPage.class), Puts.LOADED)));
        paths.addAll(condition.getPatterns());
      } else if (rule != null) {
        log.warn("{}: its pages are not kept, since its paths are no path patterns", rule.name());
      }
    }
    return new Mapped(mapping, paths, pages);
  }

  /** Returns the page that a request asks for; null if it asks for none that is kept. */
  @Nullable Match find(HttpServletRequest request) {
    List<Mapped> all = found;
    if (all.isEmpty()) {
      return null;
    }
    HttpServletRequest looking = new LookingRequest(request);
    RequestPath path = ServletRequestPathUtils.parseAndCache(looking);
    for (Mapped mapped : all) {
      if (mapped.paths().stream().anyMatch(one -> one.matches(path.pathWithinApplication()))) {
        return find(mapped, looking);
      }
    }
    return null;
  }

  private static @Nullable Match find(Mapped mapped, HttpServletRequest looking) {
    Page page = mapped.pages().get(method(mapped.mapping(), looking));
    return page == null
        ? null
        : new Match(
            page,
            String.valueOf(looking.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE)));
  }

  /** What Spring refuses it will refuse again, when it is asked to answer. */
  private static @Nullable Method method(
      RequestMappingHandlerMapping mapping, HttpServletRequest looking) {
    try {
      HandlerExecutionChain chain = mapping.getHandler(looking);
      return chain != null && chain.getHandler() instanceof HandlerMethod handler
          ? handler.getMethod()
          : null;
    } catch (Exception refused) {
      log.debug("No page is looked up", refused);
      return null;
    }
  }
}
