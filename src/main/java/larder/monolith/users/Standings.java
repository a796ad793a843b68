package larder.monolith.users;

import java.util.Optional;
import larder.cache.CachePolicy;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * What users may do as of now: each request of somebody who is signed in asks for it. Cached, so a
 * right that was taken away is gone on every node within the bound of the caches.
 */
@Service
@Transactional(readOnly = true)
@CachePolicy(caches = "standings", ttl = "1h", notFoundTtl = "30s")
public class Standings {

  private final UserRepository repository;

  Standings(UserRepository repository) {
    this.repository = repository;
  }

  /** Returns what the user with this id may do, if there is one. */
  @Cacheable("standings")
  public Optional<Standing> find(long id) {
    return repository.findById(id).map(UserEntity::toStanding);
  }
}
