package larder.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.function.Consumer;
import larder.dev.servers.Database;
import larder.dev.servers.DetachedRedis;
import larder.dev.servers.PersistentPostgres;
import larder.dev.servers.PostgresServer;
import larder.dev.servers.Programs;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL and the Redis that all copies of the application in one project folder share.
 *
 * <p>The first copy starts them, the last one stops them. A copy that is killed leaves them running
 * and the next one finds them.
 */
final class DevServers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DevApplication.class);
  private static final int POSTGRES_PORT = 15432;
  private static final int REDIS_PORT = 16379;

  private final Path folder;
  private final Presence presence;
  private final DetachedRedis redis;
  private final PersistentPostgres postgres;

  private @Nullable FileLock joined;
  private @Nullable PostgresServer runningPostgres;
  private int redisPort;

  DevServers(Path folder, Consumer<String> progress) throws IOException {
    this.folder = folder;
    this.presence = new Presence(folder);
    Programs programs = new Programs(Programs.SHARED_FOLDER, progress);
    this.redis = new DetachedRedis(programs.redis(), folder.resolve("redis"), progress);
    this.postgres = new PersistentPostgres(programs.postgres(), data(), progress);
  }

  /** Finds or starts both servers and returns the application's database. */
  synchronized Database join() throws IOException {
    return presence.inTurn(
        () -> {
          joined = presence.enter();
          redisPort = redis.open(REDIS_PORT);
          runningPostgres = postgres.open(POSTGRES_PORT);
          return runningPostgres.createDatabase("larder");
        });
  }

  /** Leaves the servers, and stops them if no other copy uses them. */
  @Override
  public synchronized void close() {
    FileLock mine = joined;
    if (mine == null) {
      return;
    }
    try {
      joined = null;
      boolean last = presence.inTurn(() -> leave(mine));
      LOG.info(last ? "PostgreSQL and Redis are stopped" : "Another copy keeps the servers");
    } catch (IOException e) {
      throw new UncheckedIOException("The servers in " + folder + " cannot be left", e);
    }
  }

  private boolean leave(FileLock mine) throws IOException {
    boolean last = presence.leave(mine);
    if (last) {
      redis.stop();
      if (runningPostgres != null) {
        runningPostgres.stop();
      }
    }
    return last;
  }

  /** Claims a port of this machine for this process's web server; false if another copy has it. */
  boolean claim(int port) throws IOException {
    return presence.claim(port);
  }

  Path data() {
    return folder.resolve("postgresql-18");
  }

  Path folder() {
    return folder;
  }

  String redisUrl() {
    return "redis://127.0.0.1:" + redisPort;
  }

  /** Returns the process id of Redis, or 0 if it does not run. */
  long redisPid() {
    return redis.pid().orElse(0L);
  }
}
