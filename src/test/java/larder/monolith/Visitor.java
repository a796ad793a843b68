package larder.monolith;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A person with a session of their own, who speaks HTTP and fills forms without a browser. */
public final class Visitor {

  private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String SESSION = "larder-session";

  private final CookieManager cookies;
  private final HttpClient client;
  private final String address;

  public Visitor(int port) {
    this(port, new CookieManager());
  }

  private Visitor(int port, CookieManager cookies) {
    this.cookies = cookies;
    this.client = HttpClient.newBuilder().cookieHandler(cookies).connectTimeout(PATIENCE).build();
    this.address = "http://127.0.0.1:" + port;
  }

  /** Returns the same person at the pages of a node. */
  Visitor at(MonolithNode node) {
    return new Visitor(node.port(), cookies);
  }

  /** Returns the value of the session's cookie; empty if there is none. */
  String cookie() {
    return cookies.getCookieStore().getCookies().stream()
        .filter(cookie -> cookie.getName().equals(SESSION))
        .map(HttpCookie::getValue)
        .findFirst()
        .orElse("");
  }

  /** Puts a value into the session's cookie. */
  Visitor bring(String value) {
    HttpCookie cookie = new HttpCookie(SESSION, value);
    cookie.setDomain(URI.create(address).getHost());
    cookie.setPath("/");
    cookie.setVersion(0);
    cookies.getCookieStore().add(URI.create(address), cookie);
    return this;
  }

  /** Opens the page for signing in and returns its form, filled. */
  Map<String, String> filled(String form, String name) {
    Matcher token = TOKEN.matcher(get(form).body());
    return Map.of(
        "username",
        name,
        "password",
        People.PASSWORD,
        "_csrf",
        token.find() ? token.group(1) : "none");
  }

  /** Returns the answer to a GET as a browser sends it; redirects are not followed. */
  public HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  /** Returns the answer to a GET with one more header, or with another value of one. */
  public HttpResponse<String> get(String path, String header, String value) {
    return send(request(path).setHeader(header, value).GET());
  }

  /** Sends a form with the CSRF token of the page at {@code form}. */
  public HttpResponse<String> post(String form, String path, Map<String, String> fields) {
    Map<String, String> all = new HashMap<>(fields);
    Matcher token = TOKEN.matcher(get(form).body());
    if (token.find()) {
      all.put("_csrf", token.group(1));
    }
    return postWithoutToken(path, all);
  }

  /** Sends exactly these fields. */
  public HttpResponse<String> postWithoutToken(String path, Map<String, String> fields) {
    String body =
        fields.entrySet().stream()
            .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    return send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body)));
  }

  /** Signs up as somebody new with this handle, and returns the answer. */
  HttpResponse<String> signUp(String handle, String displayName) {
    Map<String, String> fields =
        Map.of(
            "handle",
            handle,
            "email",
            handle + "@example.org",
            "displayName",
            displayName,
            "password",
            People.PASSWORD);
    return post("/signup", "/signup", fields);
  }

  /** Signs in and returns the answer. */
  public HttpResponse<String> signIn(String name, String password) {
    return post("/login", "/login", Map.of("username", name, "password", password));
  }

  /**
   * Opens a stream of events and returns when its first line is there.
   *
   * @param lastId what a browser sends that has lost its connection; empty for none
   */
  EventStream events(String path, String lastId) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + path))
            .timeout(PATIENCE)
            .header("Accept", "text/event-stream");
    if (!lastId.isEmpty()) {
      request.header("Last-Event-ID", lastId);
    }
    return new EventStream(send(request.build(), BodyHandlers.ofInputStream()));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address + path))
        .timeout(PATIENCE)
        .header("Accept", "text/html");
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    return send(request.build(), BodyHandlers.ofString());
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body) {
    try {
      return client.send(request, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for a page", e);
    }
  }
}
