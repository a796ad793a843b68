package larder.cache.page;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Says whether a request is a guest's, to whom everybody's page may be sent.
 *
 * <p>Beans of this type are found by the layer, and all have to agree. They add to what it looks at
 * itself: the principal, {@code Authorization}, a certificate, a session of Spring Security. Needed
 * where an application knows its people in another way, such as by a filter that binds them to the
 * thread. Called for each request for a page, in its thread; must be quick.
 */
@FunctionalInterface
public interface GuestRule {

  /** Whether nothing in this request makes its page another than everybody's. */
  boolean isGuest(HttpServletRequest request);
}
