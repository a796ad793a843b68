package larder.monolith;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import larder.cache.page.PageFilter;

/** What guests without a cookie ask, header by header, and the bytes that they get. */
final class GuestRequests {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private GuestRequests() {}

  /** Asks until the page is kept, and returns it. */
  static HttpResponse<byte[]> awaitKept(MonolithNode node, String page) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(PAUSE)
        .until(() -> get(node, page), answer -> "larder; hit".equals(status(answer)));
  }

  static HttpResponse<byte[]> get(MonolithNode node, String path, String... headers) {
    HttpRequest.Builder request = request(node, path).GET();
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  /** Asks and does not wait for the answer. */
  static CompletableFuture<HttpResponse<byte[]>> ask(MonolithNode node, String path) {
    return CLIENT.sendAsync(request(node, path).GET().build(), BodyHandlers.ofByteArray());
  }

  static HttpRequest.Builder request(MonolithNode node, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
        .timeout(PATIENCE);
  }

  static HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), UTF_8);
  }

  static String tag(HttpResponse<byte[]> answer) {
    return answer.headers().firstValue("ETag").orElse("none");
  }

  static String status(HttpResponse<?> answer) {
    return answer.headers().firstValue(PageFilter.STATUS).orElse("none");
  }
}
