package larder.monolith;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
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

  private final HttpClient client =
      HttpClient.newBuilder().cookieHandler(new CookieManager()).connectTimeout(PATIENCE).build();
  private final String address;

  public Visitor(int port) {
    this.address = "http://127.0.0.1:" + port;
  }

  /** Returns the answer to a GET as a browser sends it; redirects are not followed. */
  public HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  /** Returns the answer to a GET with one more header. */
  public HttpResponse<String> get(String path, String header, String value) {
    return send(request(path).header(header, value).GET());
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

  /** Signs in and returns the answer. */
  public HttpResponse<String> signIn(String name, String password) {
    return post("/login", "/login", Map.of("username", name, "password", password));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address + path))
        .timeout(PATIENCE)
        .header("Accept", "text/html");
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for a page", e);
    }
  }
}
