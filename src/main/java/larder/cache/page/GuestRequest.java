package larder.cache.page;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.Part;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.util.ClassUtils;

/**
 * A request as everybody's: of what a person brings it shows what the page declares, and nothing
 * else.
 *
 * <p>Headers, cookies and parameters that are not declared are not there; nor is the session, until
 * somebody begins one. What cannot be hidden without doing harm is given and {@linkplain Asked
 * noted}, so that the page is not kept: the session, CSRF tokens, and scheme and host. Used by one
 * thread.
 */
final class GuestRequest extends HttpServletRequestWrapper {

  private static final String NOWHERE = "0.0.0.0";

  /** Whether the class of an attribute is that of a CSRF token, or of what gives one. */
  private static final ClassValue<Boolean> TOKENS =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return Arrays.stream(ClassUtils.getAllInterfacesForClass(type))
              .anyMatch(one -> one.getSimpleName().endsWith("CsrfToken"));
        }
      };

  private final PageRule rule;
  private final Asked asked;
  private final Runnable handedOn;
  private final Map<String, String[]> parameters = new TreeMap<>();
  private final String query;

  /**
   * @param asked takes what was asked for that makes it one person's page
   * @param handedOn called before another servlet takes over the response
   */
  GuestRequest(HttpServletRequest request, PageRule rule, Asked asked, Runnable handedOn) {
    super(request);
    this.rule = rule;
    this.asked = asked;
    this.handedOn = handedOn;
    this.query = PageKey.query(request, rule);
    for (String name : rule.parameters().keySet()) {
      String[] values = request.getParameterValues(name);
      if (values != null) {
        parameters.put(name, values.clone());
      }
    }
  }

  @Override
  public String getMethod() {
    return "GET";
  }

  @Override
  public @Nullable String getQueryString() {
    return query.isEmpty() ? null : query;
  }

  @Override
  public @Nullable String getParameter(String name) {
    String[] values = parameters.get(name);
    return values == null || values.length == 0 ? null : values[0];
  }

  @Override
  public Map<String, String[]> getParameterMap() {
    return Collections.unmodifiableMap(parameters);
  }

  @Override
  public Enumeration<String> getParameterNames() {
    return Collections.enumeration(parameters.keySet());
  }

  @Override
  public String @Nullable [] getParameterValues(String name) {
    String[] values = parameters.get(name);
    return values == null ? null : values.clone();
  }

  private boolean shows(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    if ("host".equals(name)) {
      askAddress();
      return true;
    }
    return rule.vary().contains(name);
  }

  @Override
  public @Nullable String getHeader(String name) {
    return HttpHeaders.ACCEPT.equalsIgnoreCase(name) && !shows(name)
        ? rule.produces().toString()
        : shows(name) ? super.getHeader(name) : null;
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    if (HttpHeaders.ACCEPT.equalsIgnoreCase(name) && !shows(name)) {
      return Collections.enumeration(List.of(rule.produces().toString()));
    }
    return shows(name) ? super.getHeaders(name) : Collections.emptyEnumeration();
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    return Collections.enumeration(
        rule.vary().stream().filter(name -> super.getHeader(name) != null).toList());
  }

  @Override
  public long getDateHeader(String name) {
    return shows(name) ? super.getDateHeader(name) : -1;
  }

  @Override
  public int getIntHeader(String name) {
    return shows(name) ? super.getIntHeader(name) : -1;
  }

  @Override
  public Cookie @Nullable [] getCookies() {
    return null;
  }

  @Override
  public Locale getLocale() {
    return shows(HttpHeaders.ACCEPT_LANGUAGE) ? super.getLocale() : Locale.getDefault();
  }

  @Override
  public Enumeration<Locale> getLocales() {
    return shows(HttpHeaders.ACCEPT_LANGUAGE)
        ? super.getLocales()
        : Collections.enumeration(List.of(Locale.getDefault()));
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    Object value = super.getAttribute(name);
    if (value != null && TOKENS.get(value.getClass())) {
      asked.note(NotKept.CSRF);
    }
    return value;
  }

  @Override
  public @Nullable HttpSession getSession(boolean create) {
    if (!create && !asked.has(NotKept.SESSION)) {
      return null;
    }
    asked.note(NotKept.SESSION);
    return super.getSession(create);
  }

  @Override
  public HttpSession getSession() {
    asked.note(NotKept.SESSION);
    return super.getSession();
  }

  @Override
  public String changeSessionId() {
    asked.note(NotKept.SESSION);
    return super.changeSessionId();
  }

  @Override
  public @Nullable String getRequestedSessionId() {
    return null;
  }

  @Override
  public boolean isRequestedSessionIdValid() {
    return false;
  }

  @Override
  public boolean isRequestedSessionIdFromCookie() {
    return false;
  }

  @Override
  public boolean isRequestedSessionIdFromURL() {
    return false;
  }

  private void askAddress() {
    if (!rule.byHost()) {
      asked.note(NotKept.ADDRESS);
    }
  }

  @Override
  public String getScheme() {
    askAddress();
    return super.getScheme();
  }

  @Override
  public boolean isSecure() {
    askAddress();
    return super.isSecure();
  }

  @Override
  public String getServerName() {
    askAddress();
    return super.getServerName();
  }

  @Override
  public int getServerPort() {
    askAddress();
    return super.getServerPort();
  }

  @Override
  public StringBuffer getRequestURL() {
    askAddress();
    return super.getRequestURL();
  }

  @Override
  public String getRemoteAddr() {
    return NOWHERE;
  }

  @Override
  public String getRemoteHost() {
    return NOWHERE;
  }

  @Override
  public int getRemotePort() {
    return 0;
  }

  @Override
  public int getContentLength() {
    return -1;
  }

  @Override
  public long getContentLengthLong() {
    return -1;
  }

  @Override
  public @Nullable String getContentType() {
    return null;
  }

  @Override
  public BufferedReader getReader() {
    return new BufferedReader(new StringReader(""));
  }

  @Override
  public Collection<Part> getParts() throws ServletException {
    throw new ServletException("A GET has no parts");
  }

  @Override
  public Part getPart(String name) throws ServletException {
    throw new ServletException("A GET has no parts");
  }

  @Override
  public boolean isAsyncSupported() {
    return false;
  }

  @Override
  public AsyncContext startAsync() {
    throw new IllegalStateException(later());
  }

  @Override
  public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
    throw new IllegalStateException(later());
  }

  private String later() {
    return rule.name() + " answers later, which a method with @CacheablePage cannot";
  }

  @Override
  public @Nullable RequestDispatcher getRequestDispatcher(String path) {
    RequestDispatcher found = super.getRequestDispatcher(path);
    return found == null ? null : new HandingOn(found);
  }

  /** Whoever is handed a response may end it, after which nothing can be added. */
  private final class HandingOn implements RequestDispatcher {

    private final RequestDispatcher to;

    HandingOn(RequestDispatcher to) {
      this.to = to;
    }

    @Override
    public void forward(ServletRequest request, ServletResponse response)
        throws ServletException, IOException {
      asked.note(NotKept.FORWARD);
      handedOn.run();
      to.forward(request, response);
    }

    @Override
    public void include(ServletRequest request, ServletResponse response)
        throws ServletException, IOException {
      to.include(request, response);
    }
  }
}
