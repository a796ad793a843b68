package larder.cache.remote;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import larder.cache.load.KeyLocks;
import larder.cache.log.Position;
import larder.cache.statistics.Observations;
import larder.redis.RedisCalls;
import larder.redis.Script;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript.ReturnType;

/**
 * Locks of keys in Redis, each a string beside the entry it is for, in the same hash slot.
 *
 * <p>Key: the entry's in braces and {@code :load}, such as {@code {larder:users:v1:42}:load};
 * value: a random token of the owner; time to live: a few seconds, so that an owner that died keeps
 * nobody for longer. Commands: {@code SET NX PX}; a script that deletes the key if it holds the
 * token.
 *
 * <p>Two further scripts, of entry and lock, do in one step what would take two: one gets the entry
 * and takes the lock only if there is none that is of use, the other stores the entry and gives the
 * lock back. So nobody can find neither the value nor the lock of one who stores. Each may run
 * twice, or late: who asks again with his token has his lock still, and what is stored late is
 * judged when it is served. A key with a brace in it has a slot of its own, and its lock another:
 * it takes the steps one by one. Commands in the scripts: {@code GET}, {@code SET NX PX}, {@code
 * PSETEX}, {@code DEL}.
 */
public final class RedisKeyLocks implements KeyLocks {

  private static final Script RELEASE =
      new Script(
          "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0",
          ReturnType.LONG);

  /**
   * KEYS: entry, lock. ARGV: 1 token, 2 life of the lock in ms, 3 and 4 epoch and number of the
   * oldest position of use. Answers with the entry; or with two characters, which no entry is as
   * short as: whether the token has the lock (1, 0), and what was there ({@link #state}). The
   * position is where {@link larder.cache.value.Envelope} has it.
   */
  private static final Script CLAIM =
      new Script(
          """
      local state = 'A'
      local entry = redis.call('get', KEYS[1])
      local function isReadable()
        local magic, format = string.byte(entry, 1, 2)
        return #entry >= 30 and magic == 76 and math.floor(format / 32) == 2
      end
      local function asOf()
        local number, scale, at, octet = 0, 1, 28, nil
        repeat
          octet = string.byte(entry, at) or 0
          number, scale, at = number + octet % 128 * scale, scale * 128, at + 1
        until octet < 128 or at > 36
        return struct.unpack('>I7', entry, 21), number
      end
      if entry and not isReadable() then
        state = 'U'
      elseif entry then
        local epoch, number = asOf()
        local oldest = tonumber(ARGV[3])
        if epoch > oldest or (epoch == oldest and number >= tonumber(ARGV[4])) then
          return entry
        end
        state = epoch < oldest and 'F' or 'O'
      end
      if redis.call('set', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then
        return '1' .. state
      end
      return (redis.call('get', KEYS[2]) == ARGV[1] and '1' or '0') .. state
      """,
          ReturnType.VALUE);

  /**
   * KEYS: entry, lock. ARGV: 1 token, 2 the entry's bytes, 3 its time to live in ms. The lock goes
   * also if the entry is refused, as by a Redis that is full.
   */
  private static final Script STORE =
      new Script(
          """
      local stored = redis.pcall('psetex', KEYS[1], ARGV[3], ARGV[2])
      if redis.call('get', KEYS[2]) == ARGV[1] then
        redis.call('del', KEYS[2])
      end
      return stored.err and stored or 1
      """,
          ReturnType.LONG);

  private final RedisCalls calls;
  private final Duration life;
  private final Observations observations;

  /**
   * @param life after this time a lock ends by itself
   * @param observations of the readings that a caller waits for
   */
  public RedisKeyLocks(RedisCalls calls, Duration life, Observations observations) {
    this.calls = calls;
    this.life = life;
    this.observations = observations;
  }

  @Override
  public @Nullable Lock tryAcquire(String key) {
    Held lock = new Held(key);
    Boolean acquired =
        calls.await(
            () ->
                calls
                    .redisson()
                    .<byte[]>getBucket(calls.options(lock.name))
                    .setIfAbsentAsync(lock.token, life));
    return Boolean.FALSE.equals(acquired) ? null : lock;
  }

  @Override
  public boolean canClaim(String key) {
    return sharesSlot(key) && calls.isAvailable();
  }

  /** Whether Redis computes the slot of a key from the same text as that of its lock. */
  private static boolean sharesSlot(String key) {
    return !key.isEmpty() && key.indexOf('{') < 0 && key.indexOf('}') < 0;
  }

  @Override
  public Claim claim(String cache, String key, Position oldest) {
    Held lock = new Held(key);
    byte[] answer =
        observations.observe(
            Observations.REMOTE_GET, cache, () -> calls.await(() -> lock.claim(oldest)));
    if (answer == null) {
      return new Claim(null, State.UNKNOWN, lock);
    } else if (answer.length != 2) {
      return new Claim(answer, State.PRESENT, null);
    }
    return new Claim(null, state(answer[1]), answer[0] == '1' ? lock : null);
  }

  private static State state(byte letter) {
    return switch (letter) {
      case 'A' -> State.ABSENT;
      case 'O' -> State.OLDER;
      case 'F' -> State.FORMER;
      default -> State.UNREADABLE;
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A lock that is held, or may be. Thread-safe. */
  final class Held implements Lock {

    private final String key;
    private final String name;
    private final byte[] token = bytes(UUID.randomUUID().toString());
    private final AtomicBoolean givenBack = new AtomicBoolean();

    private Held(String key) {
      this.key = key;
      this.name = "{" + key + "}:load";
    }

    CompletionStage<byte[]> claim(Position oldest) {
      return CLAIM.run(
          calls,
          List.of(key, name),
          token,
          bytes(Long.toString(life.toMillis())),
          bytes(Long.toString(oldest.epoch())),
          bytes(Long.toString(oldest.n())));
    }

    /**
     * Whether an entry is to be stored by {@link #store}; then nothing else gives the lock back.
     */
    boolean goesWith(EntryAddress address) {
      return address.field() == null
          && address.key().equals(key)
          && sharesSlot(key)
          && givenBack.compareAndSet(false, true);
    }

    /** Stores the entry and gives the lock back, in one step. */
    CompletionStage<Boolean> store(byte[] bytes, Duration ttl) {
      return STORE
          .<Long>run(calls, List.of(key, name), token, bytes, bytes(Long.toString(ttl.toMillis())))
          .thenApply(done -> true);
    }

    @Override
    public void releaseAfter(CompletionStage<?> stored) {
      if (givenBack.compareAndSet(false, true)) {
        var unused = stored.whenComplete((value, failure) -> release());
      }
    }

    private void release() {
      CompletionStage<?> unused = calls.later(() -> RELEASE.run(calls, List.of(name), token));
    }
  }
}
