package larder.cache.page;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import larder.cache.load.Call;
import larder.cache.method.MethodTracking;
import larder.cache.page.Pages.Match;
import larder.cache.page.Pages.Page;
import larder.cache.transaction.CacheTransactions;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache.ValueRetrievalException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Answers guests with kept pages, and keeps those that it has made for one of them.
 *
 * <p>A page is an entry of a cache and its making the load of that entry: the tags, the bound, the
 * one load at a time and the two tiers are those of all entries. It stands behind the filters that
 * decide who may ask for what.
 */
public final class PageFilter extends OncePerRequestFilter {

  /** The header that tells what became of a request (RFC 9211). */
  public static final String STATUS = "Cache-Status";

  private final Pages pages;
  private final PageProperties settings;
  private final CacheTransactions transactions;
  private final MethodTracking tracking;
  private final Guests guests;
  private final PageCounts counts;
  private final NotKeptPages notKept;
  private final ProgramVersion version;

  /**
   * @param pages the pages that are kept
   * @param transactions tells the age of what is read
   * @param tracking collects what makes pages depend on data
   * @param guests what the application says of who is a guest
   */
  public PageFilter(
      Pages pages,
      PageProperties settings,
      CacheTransactions transactions,
      MethodTracking tracking,
      List<GuestRule> guests,
      PageCounts counts) {
    this.pages = pages;
    this.settings = settings;
    this.transactions = transactions;
    this.tracking = tracking;
    this.guests = new Guests(guests);
    this.counts = counts;
    this.notKept = new NotKeptPages(counts);
    this.version = new ProgramVersion(settings.version());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Match match = isRead(request) ? pages.find(request) : null;
    if (match == null) {
      chain.doFilter(request, response);
      return;
    }
    PageRule rule = match.page().rule();
    response.addHeader(HttpHeaders.VARY, varying(rule));
    Bypass bypass = guests.bypass(request, rule);
    String key = bypass == null ? PageKey.of(request, rule, version.text()) : "";
    if (bypass == null && notKept.contains(key)) {
      bypass = Bypass.NOT_KEPT;
    }
    if (bypass == null) {
      request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, match.pattern());
      answer(match.page(), key, request, response, chain);
    } else {
      counts.bypassed(bypass);
      response.setHeader(STATUS, "larder; fwd=bypass; detail=" + bypass.word());
      chain.doFilter(request, response);
    }
  }

  private static boolean isRead(HttpServletRequest request) {
    return "GET".equals(request.getMethod()) || "HEAD".equals(request.getMethod());
  }

  private String varying(PageRule rule) {
    List<String> names = new ArrayList<>(List.of(HttpHeaders.COOKIE, HttpHeaders.AUTHORIZATION));
    if (settings.compression()) {
      names.add(HttpHeaders.ACCEPT_ENCODING);
    }
    names.addAll(rule.vary());
    return String.join(", ", names);
  }

  private void answer(
      Page page,
      String key,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws ServletException, IOException {
    PageRule rule = page.rule();
    Rendering rendering =
        new Rendering(request, response, chain, rule, settings, this::keepPrivateIfChanged);
    response.setHeader(STATUS, "larder; fwd=miss");
    KeptPage found = load(page, key, rendering);
    SentPage sent = found == null ? null : SentPage.of(found, rule, request);
    NotKept reason = rendering.isBegun() ? rendering.reason() : null;
    if (sent != null) {
      response.setHeader(STATUS, rendering.isBegun() ? "larder; fwd=miss" : "larder; hit");
      counts.sent(sent.send(request, response));
    } else if (reason != null) {
      notKept.add(key, rule, reason);
      rendering.deliver();
    } else {
      chain.doFilter(request, response);
    }
  }

  private @Nullable KeptPage load(Page page, String key, Rendering rendering)
      throws ServletException, IOException {
    Call call = Call.begin(transactions.origin());
    call.boundByParts();
    try {
      return page.cache().get(key, () -> made(page.rule(), call, rendering));
    } catch (ValueRetrievalException e) {
      throw thrown(e);
    } finally {
      call.end();
      call.handUp();
      call.finish();
    }
  }

  private @Nullable KeptPage made(PageRule rule, Call call, Rendering rendering) throws Exception {
    tracking.follow(rule.method(), rule.type(), rule.cache(), call, rendering::run);
    return rendering.page();
  }

  /** What is changed in memory and not written must not be shown to others. */
  private void keepPrivateIfChanged() {
    if (!transactions.isClean()) {
      Call.keepPrivate();
    }
  }

  /** Returns what the making of the page has thrown, if only to have it thrown. */
  private static ServletException thrown(ValueRetrievalException e)
      throws ServletException, IOException {
    Throwable cause = e.getCause();
    if (cause instanceof ServletException failure) {
      throw failure;
    } else if (cause instanceof IOException failure) {
      throw failure;
    } else if (cause instanceof RuntimeException failure) {
      throw failure;
    } else if (cause instanceof Error failure) {
      throw failure;
    }
    return new ServletException(cause);
  }
}
