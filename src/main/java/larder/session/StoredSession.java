package larder.session;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.session.Session;

/**
 * A session as it was read from Redis or begun there, and what a request changes of it.
 *
 * <p>Changes are written when the request is answered; but one that signs somebody in is written at
 * once, since the answer depends on it. Used by the thread of its request alone.
 */
public final class StoredSession implements Session {

  private final StoredSessions sessions;
  private final Instant created;
  private final Map<String, Object> attributes;
  private final Set<String> changed = new HashSet<>();
  private String id;
  private String storedId;
  private @Nullable String storedOwner;
  private Instant lastAccessed;
  private boolean abandoned;

  StoredSession(
      StoredSessions sessions,
      String id,
      Instant created,
      @Nullable String owner,
      Map<String, Object> attributes) {
    this.sessions = sessions;
    this.id = id;
    this.storedId = id;
    this.created = created;
    this.lastAccessed = created;
    this.storedOwner = owner;
    this.attributes = attributes;
  }

  @Override
  public String getId() {
    return id;
  }

  @Override
  public String changeSessionId() {
    id = sessions.newId();
    return id;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T> @Nullable T getAttribute(String name) {
    return (T) attributes.get(name);
  }

  @Override
  public Set<String> getAttributeNames() {
    return new HashSet<>(attributes.keySet());
  }

  /**
   * @throws SessionsAwayException if this signs somebody in, and cannot be written
   */
  @Override
  public void setAttribute(String name, @Nullable Object value) {
    changed.add(name);
    if (value == null) {
      attributes.remove(name);
    } else {
      attributes.put(name, value);
      sessions.changed(this);
    }
  }

  @Override
  public void removeAttribute(String name) {
    setAttribute(name, null);
  }

  @Override
  public Instant getCreationTime() {
    return created;
  }

  @Override
  public void setLastAccessedTime(Instant time) {
    lastAccessed = time;
  }

  @Override
  public Instant getLastAccessedTime() {
    return lastAccessed;
  }

  /** Refuses: all sessions have the same timeout. */
  @Override
  public void setMaxInactiveInterval(Duration interval) {
    throw new UnsupportedOperationException(
        "All sessions have the timeout of server.servlet.session.timeout");
  }

  @Override
  public Duration getMaxInactiveInterval() {
    return sessions.timeout();
  }

  /** Never: Redis forgets sessions that have expired. */
  @Override
  public boolean isExpired() {
    return false;
  }

  String storedId() {
    return storedId;
  }

  @Nullable String storedOwner() {
    return storedOwner;
  }

  boolean isMoved() {
    return !id.equals(storedId);
  }

  /** Whether there is something to write; never again once it was abandoned. */
  boolean isChanged() {
    return !abandoned && (isMoved() || !changed.isEmpty());
  }

  Set<String> changed() {
    return changed;
  }

  void stored(@Nullable String owner) {
    storedId = id;
    storedOwner = owner;
    changed.clear();
  }

  /**
   * Gives up what was changed, and what was known: the browser keeps its id, and nothing of this
   * request is ever written under it.
   */
  void abandon() {
    abandoned = true;
    id = storedId;
    attributes.clear();
  }
}
