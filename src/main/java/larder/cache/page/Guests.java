package larder.cache.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.web.util.UriUtils;

/** Who may be sent a page that is the same for everybody. Thread-safe. */
final class Guests {

  /** Where Spring keeps the messages for the next page of a session. */
  private static final String FLASH =
      "org.springframework.web.servlet.support.SessionFlashMapManager.FLASH_MAPS";

  /** Where Spring Security keeps who is signed in, also where it does not tell the request. */
  private static final String SECURITY = "SPRING_SECURITY_CONTEXT";

  private static final String CERTIFICATE = "jakarta.servlet.request.X509Certificate";

  private static final int LONGEST_VALUE = 100;

  private final List<GuestRule> rules;

  /**
   * @param rules what the application adds
   */
  Guests(List<GuestRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** Returns why a request is answered past the cache; null if it is not. */
  @Nullable Bypass bypass(HttpServletRequest request, PageRule rule) {
    HttpSession session = request.getSession(false);
    if (isSignedIn(request, session)) {
      return Bypass.SIGNED_IN;
    } else if (!areDeclared(request.getParameterMap(), rule.parameters())) {
      return Bypass.PARAMETERS;
    } else if (!isPlain(request.getRequestURI())) {
      return Bypass.PATH;
    } else if (request.getContentLengthLong() > 0
        || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
      return Bypass.BODY;
    } else if (!accepts(request.getHeader(HttpHeaders.ACCEPT), rule.produces())) {
      return Bypass.ACCEPT;
    }
    return hasMessages(session) ? Bypass.FLASH : null;
  }

  private boolean isSignedIn(HttpServletRequest request, @Nullable HttpSession session) {
    return request.getUserPrincipal() != null
        || request.getRemoteUser() != null
        || request.getHeader(HttpHeaders.AUTHORIZATION) != null
        || request.getAttribute(CERTIFICATE) != null
        || (session != null && session.getAttribute(SECURITY) != null)
        || !rules.stream().allMatch(rule -> rule.isGuest(request));
  }

  private static boolean areDeclared(
      Map<String, String[]> parameters, Map<String, @Nullable Pattern> declared) {
    for (Map.Entry<String, String[]> parameter : parameters.entrySet()) {
      if (!declared.containsKey(parameter.getKey())) {
        return false;
      }
      Pattern values = declared.get(parameter.getKey());
      for (String value : parameter.getValue()) {
        if (value.length() > LONGEST_VALUE
            || (values != null && !values.matcher(value).matches())) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether an address is spelled in the one way in which it is built. */
  private static boolean isPlain(String uri) {
    if (uri.indexOf(';') >= 0) {
      return false;
    } else if (uri.indexOf('%') < 0) {
      return true;
    }
    try {
      String text = UriUtils.decode(uri, StandardCharsets.UTF_8);
      return UriUtils.encodePath(text, StandardCharsets.UTF_8).equals(uri);
    } catch (IllegalArgumentException broken) {
      return false;
    }
  }

  private static boolean accepts(@Nullable String accept, MediaType type) {
    if (accept == null) {
      return true;
    }
    try {
      List<MediaType> accepted = MediaType.parseMediaTypes(accept);
      return accepted.stream().anyMatch(one -> one.getQualityValue() > 0 && one.includes(type));
    } catch (InvalidMediaTypeException | InvalidMimeTypeException broken) {
      return false;
    }
  }

  private static boolean hasMessages(@Nullable HttpSession session) {
    Object waiting = session == null ? null : session.getAttribute(FLASH);
    return waiting instanceof Collection<?> maps ? !maps.isEmpty() : waiting != null;
  }
}
