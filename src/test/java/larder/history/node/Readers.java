package larder.history.node;

import static larder.history.node.Workload.ITEMS;
import static larder.history.node.Workload.PARTS;
import static larder.history.node.Workload.PER_BUCKET;
import static larder.history.node.Workload.PER_OWNER;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import larder.cache.CachedCall;
import larder.cache.CachedCall.Source;
import larder.cache.CachedCallListener;
import larder.cache.near.NearCache;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** The reading callers of a node. */
@Component
class Readers implements CachedCallListener {

  private static final ReadKind[] KINDS = ReadKind.values();

  private static final ThreadLocal<Source> SOURCE = ThreadLocal.withInitial(() -> Source.LOADED);

  private final Supplier<Stamps> stamps;
  private final Supplier<NearCache> near;
  private final Supplier<TransactionTemplate> snapshot;
  private final Workload workload;
  private final Journal journal;

  Readers(
      ObjectProvider<Stamps> stamps,
      ObjectProvider<NearCache> near,
      ObjectProvider<PlatformTransactionManager> transactions,
      Workload workload,
      Journal journal) {
    this.stamps = stamps::getObject;
    this.near = near::getObject;
    this.snapshot = () -> snapshot(transactions.getObject());
    this.workload = workload;
    this.journal = journal;
  }

  private static TransactionTemplate snapshot(PlatformTransactionManager transactions) {
    TransactionTemplate template = new TransactionTemplate(transactions);
    template.setReadOnly(true);
    template.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    return template;
  }

  @Override
  public void answered(CachedCall call) {
    SOURCE.set(call.source());
  }

  /** Reads until the end. */
  void run(Ending ending) {
    Callers callers = new Callers(stamps.get(), snapshot.get());
    ThreadLocalRandom random = ThreadLocalRandom.current();
    while (!ending.isReached()) {
      for (int i = 0; i < workload.batch() && !ending.isReached(); i++) {
        read(callers, KINDS[random.nextInt(KINDS.length)], random);
      }
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(workload.readPauseMicros()));
    }
  }

  /** Drops the near entries now and then, until the end. */
  void forget(Ending ending) {
    while (!ending.isReached() && workload.forgetMillis() > 0) {
      int millis = ThreadLocalRandom.current().nextInt(2 * workload.forgetMillis());
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
      near.get().clear();
    }
  }

  private void read(Callers callers, ReadKind kind, ThreadLocalRandom random) {
    long begin = System.nanoTime();
    try {
      List<Stamped> rows = callers.read(kind, random);
      journal.read(kind, SOURCE.get(), begin, System.nanoTime(), rows);
    } catch (RuntimeException e) {
      journal.failed(/* write= */ false);
    }
  }

  /** The calls of one thread. */
  private record Callers(Stamps stamps, TransactionTemplate snapshot) {

    List<Stamped> read(ReadKind kind, ThreadLocalRandom random) {
      int id = favoured(random, ITEMS);
      int owner = favoured(random, PARTS / PER_OWNER);
      return switch (kind) {
        case BY_ID -> List.of(stamps.find(id));
        case BY_ID_IN_TRANSACTION -> List.of(stamps.findInTransaction(id));
        case IN_SNAPSHOT -> List.of(inSnapshot(id, favoured(random, ITEMS)));
        case LIST -> stamps.bucket(favoured(random, ITEMS / PER_BUCKET));
        case OTHER_LIST -> stamps.parts(owner);
        case OTHER_LIST_IN_TRANSACTION -> stamps.partsInTransaction(owner);
      };
    }

    /** Returns a number below {@code end}, nearly half of the time one of the lowest tenth. */
    private static int favoured(ThreadLocalRandom random, int end) {
      return (int) (end * Math.pow(random.nextDouble(), 3));
    }

    /** Reads a row in a snapshot that an earlier read has taken. */
    private Stamped inSnapshot(int first, int second) {
      Stamped read =
          snapshot.execute(
              status -> {
                stamps.find(first);
                return stamps.find(second);
              });
      return Objects.requireNonNull(read);
    }
  }
}
