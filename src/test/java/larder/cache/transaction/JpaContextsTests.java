package larder.cache.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.persistence.EntityManager;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.node.Origin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.EntityManagerProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Entity managers as Spring binds them to a thread; what they do does not matter here. */
class JpaContextsTests {

  private final MemoryNode node = new MemoryNode(Duration.ofSeconds(60));
  private final JpaContexts contexts = new JpaContexts(node.follower::origin);
  private final EntityManager entities = entityManager(EntityManager.class, null);

  @AfterEach
  void unbind() {
    for (Object key : List.copyOf(TransactionSynchronizationManager.getResourceMap().keySet())) {
      TransactionSynchronizationManager.unbindResource(key);
    }
  }

  @Test
  void withoutAContextNothingIsOlderThanNow() {
    contexts.opened(entities);
    Origin now = node.follower.origin();

    assertThat(contexts.earliest(now)).isEqualTo(now);
  }

  @Test
  void aLoadIsAsOldAsTheContextItReadsIn() {
    contexts.opened(entities);
    Position opened = node.follower.position();
    node.service.append(Tags.of("k:a:1"));
    bind(entities);
    Origin now = node.follower.origin();

    Origin earliest = Objects.requireNonNull(contexts.earliest(now));
    assertThat(earliest.position()).isEqualTo(opened).isNotEqualTo(now.position());
    assertThat(earliest.nanos()).isLessThan(now.nanos());
  }

  @Test
  void ofSeveralContextsTheOldestCounts() {
    EntityManager older = entityManager(EntityManager.class, null);
    contexts.opened(older);
    Position opened = node.follower.position();
    node.service.append(Tags.of("k:a:1"));
    contexts.opened(entities);
    bind(entities);
    bind(older);

    assertThat(Objects.requireNonNull(contexts.earliest(node.follower.origin())).position())
        .isEqualTo(opened);
  }

  @Test
  void aContextWhoseOpeningNobodySawMakesTheOriginUnknown() {
    bind(entities);

    assertThat(contexts.earliest(node.follower.origin())).isNull();
  }

  @Test
  void aProxyStandsForItsTarget() {
    contexts.opened(entities);
    bind(entityManager(EntityManagerProxy.class, entities));

    assertThat(contexts.earliest(node.follower.origin())).isNotNull();
  }

  @Test
  void otherResourcesOfTheThreadDoNotMatter() {
    TransactionSynchronizationManager.bindResource("key", "resource");
    Origin now = node.follower.origin();

    assertThat(contexts.earliest(now)).isEqualTo(now);
  }

  @Test
  void aLoadOutsideOfTransactionsIsAsOldAsItsContextToo() {
    contexts.opened(entities);
    bind(entities);
    Position opened = node.follower.position();
    node.service.append(Tags.of("k:a:1"));
    CacheTransactions transactions =
        new CacheTransactions(node.service, node.follower, contexts, () -> {});

    assertThat(Objects.requireNonNull(transactions.shareableOrigin()).position()).isEqualTo(opened);
  }

  private static void bind(EntityManager bound) {
    TransactionSynchronizationManager.bindResource(new Object(), new EntityManagerHolder(bound));
  }

  /** An entity manager that only is itself. */
  private static <T extends EntityManager> T entityManager(
      Class<T> type, @Nullable EntityManager target) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  case "toString" -> "an entity manager";
                  case "getTargetEntityManager" -> Objects.requireNonNull(target);
                  default -> throw new UnsupportedOperationException(method.getName());
                }));
  }
}
