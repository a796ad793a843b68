package larder.cache.page;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import larder.cache.CachePolicy;
import larder.cache.CachePolicy.Tracking;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;

/** Pages that say they are the same for everybody; most of them are not. */
@RestController
public class Oddities {

  public static final int LARGE = 300_000;

  private static final String CACHE = "odd-pages";

  private final JdbcClient database;
  private final Names names;
  private final Weather weather;
  private final Fragments fragments;

  /** How often each page that counts was made. */
  public final AtomicInteger made = new AtomicInteger();

  /** Pages that wait go on when this is open. */
  public volatile CountDownLatch gate = new CountDownLatch(0);

  Oddities(JdbcClient database, Names names, Weather weather, Fragments fragments) {
    this.database = database;
    this.names = names;
    this.weather = weather;
    this.fragments = fragments;
  }

  /** Something whose changes nobody tells. */
  @CachePolicy(caches = "weather", ttl = "1s", jitter = 0, tracking = Tracking.OFF)
  public static class Weather {

    private volatile String now = "rain";

    /** Changes it, which nobody is told. */
    public void turn(String weather) {
      now = weather;
    }

    @Cacheable("weather")
    public String today() {
      return now;
    }
  }

  /** A cached part of a page. */
  public static class Names {

    private final JdbcClient database;

    Names(JdbcClient database) {
      this.database = database;
    }

    @Cacheable("names")
    public String of(long id) {
      return database
          .sql("select display_name from users where id = ?")
          .param(id)
          .query(String.class)
          .single();
    }
  }

  /** A part of a page, rendered by itself. */
  public static class Fragments {

    private final ITemplateEngine engine;
    private final Names names;

    Fragments(ITemplateEngine engine, Names names) {
      this.engine = engine;
      this.names = names;
    }

    @Cacheable("fragments")
    public String greeting(long id) {
      Context context = new Context(Locale.ENGLISH, Map.of("name", names.of(id)));
      return engine.process("odd/fragments", Set.of("greeting"), context);
    }
  }

  /** Is made around a fragment. */
  @GetMapping("/odd/fragment")
  @CacheablePage(cache = CACHE, parameters = "id")
  String fragment(@RequestParam long id) {
    return "around " + fragments.greeting(id);
  }

  /** Tells all that it can find out about who asks. */
  @GetMapping("/odd/visitor")
  @CacheablePage(
      cache = CACHE,
      parameters = {"p", "q:[a-z]{1,3}"},
      vary = "X-Colour")
  String visitor(HttpServletRequest request, @RequestParam(defaultValue = "") String p) {
    return String.join(
        "\n",
        "p=" + p,
        "evil=" + request.getParameter("evil"),
        "parameters=" + request.getParameterMap().keySet(),
        "query=" + request.getQueryString(),
        "headers=" + Collections.list(request.getHeaderNames()),
        "colour=" + request.getHeader("X-Colour"),
        "agent=" + request.getHeader("User-Agent"),
        "cookie=" + request.getHeader("Cookie") + Arrays.toString(request.getCookies()),
        "languages=" + request.getHeader("Accept-Language") + request.getLocale(),
        "forwarded=" + request.getHeader("X-Forwarded-Host") + request.getHeader("Forwarded"),
        "condition=" + request.getHeader("If-None-Match") + request.getHeader("Range"),
        "from=" + request.getRemoteAddr() + request.getRemotePort(),
        "session=" + request.getSession(false) + request.getRequestedSessionId(),
        "method=" + request.getMethod());
  }

  @GetMapping("/odd/cookie")
  @CacheablePage(cache = CACHE)
  String cookie(HttpServletResponse response) throws InterruptedException {
    gate.await(10, TimeUnit.SECONDS);
    String secret = UUID.randomUUID().toString();
    response.addCookie(new Cookie("secret", secret));
    return secret;
  }

  @GetMapping("/odd/session")
  @CacheablePage(cache = CACHE)
  String session(HttpSession session) {
    return session.getId();
  }

  @GetMapping("/odd/token")
  @CacheablePage(cache = CACHE)
  String token(CsrfToken token) {
    return token.getToken();
  }

  @GetMapping("/odd/not-stored")
  @CacheablePage(cache = CACHE)
  ResponseEntity<String> notStored() {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .body(UUID.randomUUID().toString());
  }

  @GetMapping("/odd/host")
  @CacheablePage(cache = CACHE)
  String host(HttpServletRequest request) {
    return request.getRequestURL().toString();
  }

  @GetMapping("/odd/by-host")
  @CacheablePage(cache = CACHE, vary = "Host")
  String byHost(HttpServletRequest request) {
    return request.getRequestURL().toString();
  }

  @GetMapping("/odd/large")
  @CacheablePage(cache = CACHE)
  String large() {
    return "x".repeat(LARGE) + UUID.randomUUID();
  }

  @GetMapping("/odd/forward")
  @CacheablePage(cache = CACHE)
  void forward(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    response.setHeader("X-Way", "forwarded");
    request.getRequestDispatcher("/odd/plain").forward(request, response);
  }

  @GetMapping("/odd/plain")
  String plain() {
    return "plain " + UUID.randomUUID();
  }

  @GetMapping("/odd/away")
  @CacheablePage(cache = CACHE)
  void away(HttpServletResponse response) throws IOException {
    response.sendRedirect("/odd/plain");
  }

  @GetMapping("/odd/broken")
  @CacheablePage(cache = CACHE)
  String broken() {
    throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE);
  }

  @GetMapping("/odd/thrown")
  @CacheablePage(cache = CACHE)
  String thrown() {
    throw new IllegalStateException("thrown " + made.incrementAndGet());
  }

  /** Waits, and counts. */
  @GetMapping("/odd/slow")
  @CacheablePage(cache = CACHE, parameters = "n")
  String slow(@RequestParam(defaultValue = "") String n) throws InterruptedException {
    made.incrementAndGet();
    gate.await(10, TimeUnit.SECONDS);
    return "slow " + n + " " + UUID.randomUUID();
  }

  /** Reads for itself, and no cached method. */
  @GetMapping("/odd/reads")
  @CacheablePage(cache = CACHE, parameters = "handle", maxAge = "30s")
  String reads(@RequestParam String handle) {
    return database
        .sql("select display_name from users where handle = ?")
        .param(handle)
        .query(String.class)
        .single();
  }

  /** Is made of a cached part. */
  @GetMapping("/odd/part")
  @CacheablePage(cache = CACHE, parameters = "id")
  String part(@RequestParam long id) {
    return names.of(id);
  }

  @GetMapping("/odd/weather")
  @CacheablePage(cache = CACHE)
  String weather() {
    return weather.today();
  }
}
