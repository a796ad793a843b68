package larder.cache.page;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A response whose body waits until it is known what becomes of it: kept, or sent to the one who
 * asked.
 *
 * <p>Status and headers go to the person's response at once. A body that grows too large, and one
 * that somebody else takes over, goes there as well from then on. Used by one thread.
 */
final class PageResponse extends HttpServletResponseWrapper {

  private final Asked asked;
  private final int maxSize;
  private final Runnable begins;
  private final @Nullable String session;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private @Nullable ServletOutputStream stream;
  private @Nullable PrintWriter writer;
  private boolean passing;
  private boolean answered;

  /**
   * @param session the id of the person's session; null if there is none
   * @param maxSize largest body that waits, in bytes
   * @param begins called when somebody begins to write the body
   */
  PageResponse(
      HttpServletResponse response,
      @Nullable String session,
      Asked asked,
      int maxSize,
      Runnable begins) {
    super(response);
    this.session = session;
    this.asked = asked;
    this.maxSize = maxSize;
    this.begins = begins;
  }

  /** Returns the whole body. */
  byte[] body() {
    return body.toByteArray();
  }

  /** Whether status, headers and body are all there is of the answer, and nothing is sent yet. */
  boolean isWhole() {
    return !answered && !passing && !isCommitted();
  }

  /** Has the writers' buffers written. */
  void finish() {
    if (writer != null) {
      writer.flush();
    }
  }

  /** Sends the body to the one who asked, if it is still here. */
  void deliver() throws IOException {
    if (isWhole() && body.size() > 0) {
      getResponse().setContentLength(body.size());
      body.writeTo(getResponse().getOutputStream());
    }
  }

  /** Has everything go to the one who asked from now on. */
  void passOn() {
    try {
      finish();
      if (!passing) {
        passing = true;
        body.writeTo(getResponse().getOutputStream());
        body.reset();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public ServletOutputStream getOutputStream() {
    if (writer != null) {
      throw new IllegalStateException("A writer is in use already");
    }
    return stream();
  }

  private ServletOutputStream stream() {
    if (stream == null) {
      begins.run();
      stream = new Body();
    }
    return stream;
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    if (writer == null) {
      if (stream != null) {
        throw new IllegalStateException("A stream is in use already");
      }
      String encoding = getCharacterEncoding();
      setCharacterEncoding(encoding);
      writer = new PrintWriter(new OutputStreamWriter(stream(), encoding));
    }
    return writer;
  }

  @Override
  public void flushBuffer() throws IOException {
    finish();
    if (passing) {
      super.flushBuffer();
    }
  }

  @Override
  public void resetBuffer() {
    super.resetBuffer();
    forget();
  }

  @Override
  public void reset() {
    super.reset();
    forget();
    writer = null;
    stream = null;
  }

  private void forget() {
    finish();
    body.reset();
  }

  @Override
  public int getBufferSize() {
    return passing ? super.getBufferSize() : maxSize;
  }

  @Override
  public void setBufferSize(int size) {
    // The whole body waits here.
  }

  @Override
  public void setContentLength(int length) {
    // Known when the body is whole.
  }

  @Override
  public void setContentLengthLong(long length) {
    // Known when the body is whole.
  }

  @Override
  public void setHeader(String name, @Nullable String value) {
    if (!isLength(name)) {
      super.setHeader(name, value);
    }
  }

  @Override
  public void addHeader(String name, @Nullable String value) {
    if (!isLength(name)) {
      super.addHeader(name, value);
    }
  }

  @Override
  public void setIntHeader(String name, int value) {
    if (!isLength(name)) {
      super.setIntHeader(name, value);
    }
  }

  private static boolean isLength(String name) {
    return "Content-Length".equalsIgnoreCase(name);
  }

  @Override
  public void setTrailerFields(Supplier<Map<String, String>> supplier) {
    asked.note(NotKept.FORWARD);
    super.setTrailerFields(supplier);
  }

  @Override
  public void sendError(int status) throws IOException {
    answer();
    super.sendError(status);
  }

  @Override
  public void sendError(int status, String message) throws IOException {
    answer();
    super.sendError(status, message);
  }

  @Override
  public void sendRedirect(String location, int status, boolean clear) throws IOException {
    answer();
    super.sendRedirect(location, status, clear);
  }

  @Override
  public void sendRedirect(String location) throws IOException {
    answer();
    super.sendRedirect(location);
  }

  private void answer() {
    forget();
    answered = true;
    asked.note(NotKept.STATUS);
  }

  /** The id of a person's session must not stand in the addresses of everybody's page. */
  @Override
  public String encodeURL(String url) {
    return withoutSession(url, super.encodeURL(url));
  }

  @Override
  public String encodeRedirectURL(String url) {
    return withoutSession(url, super.encodeRedirectURL(url));
  }

  private String withoutSession(String url, String encoded) {
    return session != null && encoded.contains(session) ? url : encoded;
  }

  /** Where the body is written to. */
  private final class Body extends ServletOutputStream {

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (!passing && body.size() + length > maxSize) {
        asked.note(NotKept.SIZE);
        passing = true;
        body.writeTo(getResponse().getOutputStream());
        body.reset();
      }
      if (passing) {
        getResponse().getOutputStream().write(bytes, offset, length);
      } else {
        body.write(bytes, offset, length);
      }
    }

    @Override
    public void flush() throws IOException {
      if (passing) {
        getResponse().getOutputStream().flush();
      }
    }

    @Override
    public void close() {
      // The person's response is closed by who began it.
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      throw new IllegalStateException("A page to keep is not written asynchronously");
    }
  }
}
