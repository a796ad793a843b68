package larder.dev.servers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The settings of every Redis server here: a cache that forgets what is used least. */
final class RedisSettings {

  private RedisSettings() {}

  /** Returns the command that starts a server, {@code more} being further settings. */
  static List<String> command(Path program, int port, List<String> more) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of("--port", "" + port, "--bind", "127.0.0.1"));
    command.addAll(List.of("--maxmemory", "128mb", "--maxmemory-policy", "allkeys-lfu"));
    command.addAll(List.of("--save", "", "--appendonly", "no"));
    command.addAll(more);
    return command;
  }
}
