package larder.session;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import larder.session.SessionStore.Change;
import larder.session.SessionStore.Kept;
import org.jspecify.annotations.Nullable;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.IndexResolver;
import org.springframework.session.Session;
import org.springframework.session.SessionIdGenerator;
import org.springframework.session.SessionRepository;

/**
 * The sessions of an application in Redis, for Spring Session's filter.
 *
 * <p>While Redis does not answer, nobody waits for it longer than the deadline: no session is
 * found, those that exist are left as they are, none begins, and who needs one gets a {@link
 * SessionsAwayException}. What comes from Redis and cannot be read is no session. Thread-safe.
 */
public final class StoredSessions implements SessionRepository<StoredSession> {

  /** A longer id is nobody's. */
  private static final int LONGEST_ID = 128;

  private final SessionStore store;
  private final AttributeForms forms;
  private final IndexResolver<Session> owners;
  private final SessionIdGenerator ids;
  private final SessionStatistics statistics;

  /**
   * @param owners tells the name of who is signed in, as the index {@link
   *     FindByIndexNameSessionRepository#PRINCIPAL_NAME_INDEX_NAME}
   */
  StoredSessions(
      SessionStore store,
      AttributeForms forms,
      IndexResolver<Session> owners,
      SessionIdGenerator ids,
      SessionStatistics statistics) {
    this.store = store;
    this.forms = forms;
    this.owners = owners;
    this.ids = ids;
    this.statistics = statistics;
  }

  Duration timeout() {
    return store.timeout();
  }

  String newId() {
    return ids.generate();
  }

  /**
   * Begins a session, in Redis too.
   *
   * @throws SessionsAwayException if that is not possible, or the request brought a session of
   *     which Redis did not tell
   */
  @Override
  public StoredSession createSession() {
    String id = newId();
    Instant created = RequestSessions.areUnread() ? null : store.create(id);
    if (created == null) {
      statistics.add(SessionEvent.UNWRITTEN);
      throw new SessionsAwayException("begin one");
    }
    statistics.add(SessionEvent.CREATED);
    return new StoredSession(this, id, created, /* owner= */ null, new HashMap<>());
  }

  @Override
  public @Nullable StoredSession findById(String id) {
    RequestSessions request = RequestSessions.current();
    return id.length() > LONGEST_ID ? null : request.find(id, one -> find(one, request));
  }

  private @Nullable StoredSession find(String id, RequestSessions request) {
    Kept kept = store.load(id);
    if (kept == null) {
      request.couldNotRead();
      statistics.add(SessionEvent.UNREAD);
      return null;
    }
    StoredSession session = kept.equals(Kept.NOTHING) ? null : session(id, kept);
    statistics.add(
        session != null
            ? SessionEvent.FOUND
            : kept.equals(Kept.NOTHING) ? SessionEvent.ABSENT : SessionEvent.UNREADABLE);
    return session;
  }

  /**
   * Returns what was kept as a session; null if it is none, or its owner is another than it says.
   */
  private @Nullable StoredSession session(String id, Kept kept) {
    Map<String, Object> attributes = forms.decode(kept.attributes());
    if (kept.created() == null || attributes == null) {
      return null;
    }
    StoredSession session = new StoredSession(this, id, kept.created(), kept.owner(), attributes);
    return Objects.equals(ownerOf(session), kept.owner()) ? session : null;
  }

  /** Writes what has changed, if that is possible; otherwise the session stays as it was. */
  @Override
  public void save(StoredSession session) {
    if (session.isChanged()) {
      write(session);
    }
  }

  /**
   * Takes note that an attribute was set.
   *
   * @throws SessionsAwayException if that signs somebody in, and cannot be written
   */
  void changed(StoredSession session) {
    String owner = ownerOf(session);
    boolean signsIn = owner != null && (session.isMoved() || !owner.equals(session.storedOwner()));
    boolean written = signsIn && session.isChanged() && write(session);
    if (signsIn && !written) {
      throw new SessionsAwayException("sign in");
    }
  }

  private boolean write(StoredSession session) {
    String before = session.storedId();
    String owner = ownerOf(session);
    Boolean saved = store.save(change(session, owner));
    RequestSessions.current().forget(before);
    statistics.add(
        saved == null ? SessionEvent.UNWRITTEN : saved ? SessionEvent.SAVED : SessionEvent.GONE);
    if (Boolean.TRUE.equals(saved)) {
      session.stored(owner);
      RequestSessions.current().found(session.getId(), session);
      return true;
    }
    session.abandon();
    return false;
  }

  private Change change(StoredSession session, @Nullable String owner) {
    Map<String, byte @Nullable []> attributes = new HashMap<>();
    for (String name : session.changed()) {
      Object value = session.getAttribute(name);
      attributes.put(name, value == null ? null : forms.encode(name, value));
    }
    return new Change(
        session.storedId(), session.getId(), session.storedOwner(), owner, attributes);
  }

  private @Nullable String ownerOf(StoredSession session) {
    return owners
        .resolveIndexesFor(session)
        .get(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME);
  }

  /**
   * Ends a session.
   *
   * @throws SessionsAwayException if that is not possible, so that nobody takes themselves for
   *     signed out who is not
   */
  @Override
  public void deleteById(String id) {
    RequestSessions.current().found(id, null);
    Boolean ended = store.delete(id);
    if (ended == null) {
      statistics.add(SessionEvent.UNWRITTEN);
      throw new SessionsAwayException("sign out");
    }
    statistics.add(ended ? SessionEvent.ENDED : SessionEvent.GONE);
  }
}
