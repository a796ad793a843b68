package larder.cache.log.node;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import larder.cache.log.Appended;
import larder.cache.log.LogEntry;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.Polled;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.TransactionId;

/** Followers that break one rule each, so that tests show what the rule is for. */
public final class BrokenFollower {

  private BrokenFollower() {}

  /** Applies its own record at once, and counts what lies before it as applied. */
  public static LogFollower appliesOutOfOrder(FollowerSettings settings, LongSupplier clock) {
    return new LogFollower(settings, clock, FollowerListener.NO_OP) {
      private boolean answering;

      @Override
      public synchronized boolean answered(Sending sending, Appended reply) {
        answering = true;
        try {
          return super.answered(sending, reply);
        } finally {
          answering = false;
        }
      }

      @Override
      List<LogEntry> inOrder(Appended reply) {
        List<LogEntry> since = reply.since();
        return since.isEmpty() ? since : since.subList(since.size() - 1, since.size());
      }

      @Override
      void crossGap(long missed) {
        if (answering) {
          horizon().advance(missed);
        } else {
          super.crossGap(missed);
        }
      }
    };
  }

  /** Counts a truncated poll as evidence. */
  public static LogFollower countsTruncatedPolls(FollowerSettings settings, LongSupplier clock) {
    return new LogFollower(settings, clock, FollowerListener.NO_OP) {
      @Override
      public synchronized void polled(Poll poll, Polled reply) {
        super.polled(poll, new Polled(reply.entries(), /* truncated= */ false));
      }
    };
  }

  /** Leaves the floor where it was when records are missing. */
  public static LogFollower leavesFloor(FollowerSettings settings, LongSupplier clock) {
    return new LogFollower(settings, clock, FollowerListener.NO_OP) {
      @Override
      void crossGap(long missed) {
        horizon().advance(missed);
      }

      @Override
      void adopt(Position first) {
        super.adopt(new Position(first.epoch(), 1));
        horizon().advance(first.n() - 1);
      }
    };
  }

  /** Takes the number that a heartbeat names for one of its own history, whichever that is. */
  public static LogFollower hearsOtherEpochs(FollowerSettings settings, LongSupplier clock) {
    return new LogFollower(settings, clock, FollowerListener.NO_OP) {
      @Override
      boolean counts(Heartbeat heartbeat) {
        return heartbeat.source().vouchesFor(relyingOn());
      }
    };
  }

  /** Counts any heartbeat, whatever it vouches for. */
  public static LogFollower countsAnySource(FollowerSettings settings, LongSupplier clock) {
    return new LogFollower(settings, clock, FollowerListener.NO_OP) {
      @Override
      boolean counts(Heartbeat heartbeat) {
        return heartbeat.before().epoch() == horizon().epoch();
      }
    };
  }

  /** Decides a put when its answer comes, before the records that precede its own are applied. */
  public static LogFollower decidesPutsEarly(FollowerSettings settings, LongSupplier clock) {
    return new LogFollower(settings, clock, FollowerListener.NO_OP) {
      @Override
      public synchronized boolean answered(Sending sending, Appended reply) {
        if (sending.record() instanceof Invalidation told
            && reply.position().epoch() == horizon().epoch()) {
          decidePuts(reply.position(), told);
        }
        return super.answered(sending, reply);
      }
    };
  }

  /** Applies a transaction's first record only, whatever the later ones name. */
  public static LogFollower appliesTransactionsOnce(FollowerSettings settings, LongSupplier clock) {
    return new LogFollower(settings, clock, FollowerListener.NO_OP) {
      private final Set<TransactionId> known = new HashSet<>();

      @Override
      Tags fresh(Invalidation record) {
        TransactionId transaction = record.transaction();
        return transaction == null || known.add(transaction) ? record.tags() : Tags.NONE;
      }
    };
  }

  /** Claims the moment at which a heartbeat arrives. */
  public static LogFollower claimsArrival(FollowerSettings settings, LongSupplier clock) {
    return new LogFollower(settings, clock, FollowerListener.NO_OP) {
      @Override
      long proven(Heartbeat heartbeat) {
        return nanoClock().getAsLong();
      }
    };
  }

  /** Takes a claim that vouches for the log alone as settling what was never appended. */
  public static LogFollower settlesByLogAlone(FollowerSettings settings, LongSupplier clock) {
    return new LogFollower(settings, clock, FollowerListener.NO_OP) {
      @Override
      long proven(Heartbeat heartbeat) {
        long proven = super.proven(heartbeat);
        unacknowledged().passed(proven);
        return proven;
      }
    };
  }

  /** Takes any record of a transaction as settling all that the transaction changed. */
  public static LogFollower settlesByAnyRecord(FollowerSettings settings, LongSupplier clock) {
    return new LogFollower(settings, clock, FollowerListener.NO_OP) {
      @Override
      Tags fresh(Invalidation record) {
        for (Outstanding change : outstanding()) {
          TransactionId transaction = record.transaction();
          if (transaction != null
              && change.record() instanceof Invalidation told
              && transaction.equals(told.transaction())) {
            unacknowledged().applied(transaction, told.tags());
          }
        }
        return super.fresh(record);
      }
    };
  }

  /** Counts every poll, on whichever connection and however late. */
  public static LogFollower mixesConnections(FollowerSettings settings, LongSupplier clock) {
    return new LogFollower(settings, clock, FollowerListener.NO_OP) {
      @Override
      public synchronized void polled(Poll poll, Polled reply) {
        super.polled(new Poll(poll.cursor(), poll.sentNanos(), poll().number()), reply);
      }
    };
  }

  /** Trusts the acknowledgements of a history that it has left. */
  public static LogFollower keepsAcknowledgements(FollowerSettings settings, LongSupplier clock) {
    return new LogFollower(settings, clock, FollowerListener.NO_OP) {
      @Override
      void adopted() {}
    };
  }
}
