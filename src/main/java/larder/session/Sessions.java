package larder.session;

import java.time.Duration;
import java.util.Collection;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import org.springframework.session.IndexResolver;
import org.springframework.session.Session;
import org.springframework.session.SessionIdGenerator;

/**
 * The parts of an application that keeps its sessions in Redis.
 *
 * @param repository for Spring Session
 * @param register for those who ask or end
 */
public record Sessions(StoredSessions repository, SessionRegister register) {

  /**
   * Returns the sessions under an application's keys.
   *
   * @param timeout for how long a session lives after its last request; at least a second
   * @param forms how attributes are kept that are no texts
   * @param owners tells who is signed in
   * @param statistics counts what happens
   */
  public static Sessions in(
      RedisCalls calls,
      Keyspace keyspace,
      Duration timeout,
      Collection<AttributeForm<?, ?>> forms,
      IndexResolver<Session> owners,
      SessionIdGenerator ids,
      SessionStatistics statistics) {
    if (timeout.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "server.servlet.session.timeout must be at least 1s for sessions in Redis, was: "
              + timeout);
    }
    SessionStore store = new SessionStore(calls, keyspace, timeout);
    return new Sessions(
        new StoredSessions(store, new AttributeForms(forms), owners, ids, statistics),
        new SessionRegister(store, statistics));
  }
}
