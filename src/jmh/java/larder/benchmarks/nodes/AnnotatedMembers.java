package larder.benchmarks.nodes;

import jakarta.persistence.EntityManager;
import java.util.Objects;
import larder.benchmarks.Account;
import larder.benchmarks.Accounts;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The service as the monolith has it: JPA, Spring's annotations, one transaction for each call. */
@Service
class AnnotatedMembers implements Members {

  private final EntityManager entities;
  private final Loads loads;

  AnnotatedMembers(EntityManager entities, Loads loads) {
    this.entities = entities;
    this.loads = loads;
  }

  @Override
  @Cacheable(Accounts.CACHE)
  @Transactional(readOnly = true)
  public Account find(long id) {
    Account found = row(id).toAccount();
    loads.loaded();
    return found;
  }

  @Override
  @CacheEvict(cacheNames = Accounts.CACHE, key = "#id")
  @Transactional
  public void renameAndEvict(long id, String name) {
    row(id).rename(name);
  }

  @Override
  @CachePut(cacheNames = Accounts.CACHE, key = "#id")
  @Transactional
  public Account renameAndPut(long id, String name) {
    MemberRow row = row(id);
    row.rename(name);
    return row.toAccount();
  }

  @Override
  @Transactional
  public void rename(long id, String name) {
    row(id).rename(name);
  }

  private MemberRow row(long id) {
    return Objects.requireNonNull(entities.find(MemberRow.class, id));
  }
}
