package larder.cache.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request with which handlers are looked up, and which keeps what they note there to itself. */
final class LookingRequest extends HttpServletRequestWrapper {

  private final Map<String, @Nullable Object> own = new HashMap<>();

  LookingRequest(HttpServletRequest request) {
    super(request);
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    return own.containsKey(name) ? own.get(name) : super.getAttribute(name);
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    own.put(name, value);
  }

  @Override
  public void removeAttribute(String name) {
    own.put(name, null);
  }
}
