package larder.benchmarks.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import larder.dev.servers.Database;
import larder.dev.servers.TestServers;

/** All nodes, two of each way to run the monolith, on one PostgreSQL and one Redis. */
final class Fleet implements AutoCloseable {

  static final int NODES = 2;

  private final Map<Setup, List<Integer>> ports = new EnumMap<>(Setup.class);
  private final Map<Setup, List<Long>> processes = new EnumMap<>(Setup.class);
  private final Deque<Node> nodes = new ArrayDeque<>();
  private final Path folder;
  private final Database people;

  private Fleet(Path folder, List<Setup> setups) throws Exception {
    this.folder = folder;
    Map<Setup, Database> databases = new EnumMap<>(Setup.class);
    for (Setup setup : setups) {
      databases.put(setup, TestServers.postgres().createDatabase(setup.database()));
    }
    this.people = Objects.requireNonNull(databases.get(setups.get(0)));
    for (Setup setup : setups) {
      System.out.println("Starting " + setup.label());
      ports.put(setup, start(setup, Objects.requireNonNull(databases.get(setup))));
    }
  }

  /** Starts all nodes, and returns when they answer. */
  static Fleet start(Path folder, List<Setup> setups) throws Exception {
    return new Fleet(Files.createDirectories(folder), setups);
  }

  private List<Integer> start(Setup setup, Database database) throws Exception {
    List<Node> started = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      List<String> arguments = new ArrayList<>(List.of(setup.name()));
      database.settings().forEach((name, value) -> arguments.add("--" + name + "=" + value));
      arguments.addAll(setup.arguments());
      arguments.add("--spring.data.redis.url=" + TestServers.redis().url());
      arguments.addAll(List.of("--server.address=127.0.0.1", "--server.port=0"));
      arguments.addAll(List.of("--logging.level.root=warn", "--spring.main.banner-mode=off"));
      Path log = folder.resolve(setup.database() + "-" + i + ".log");
      Files.deleteIfExists(log);
      Node node = Node.launch(PageNode.class, arguments, log);
      nodes.push(node);
      started.add(node);
    }
    processes.put(setup, started.stream().map(Node::pid).toList());
    List<Integer> answering = new ArrayList<>();
    for (Node node : started) {
      answering.add(node.port());
    }
    return answering;
  }

  /** Returns where the nodes answer, the first ones of them. */
  List<Integer> ports(Setup setup, int count) {
    return Objects.requireNonNull(ports.get(setup)).subList(0, count);
  }

  /** Returns what the first nodes, and the servers, have used of the processors until now. */
  Cpu cpu(Setup setup, int count) throws IOException {
    return Cpu.now(Objects.requireNonNull(processes.get(setup)).subList(0, count));
  }

  /** Returns the handles of all people, in no order that means anything. */
  List<String> handles() throws Exception {
    List<String> handles = new ArrayList<>();
    try (Connection connection = people.connect();
        ResultSet rows =
            connection
                .createStatement()
                .executeQuery("select handle from users order by md5(handle)")) {
      while (rows.next()) {
        handles.add(rows.getString(1));
      }
    }
    return handles;
  }

  @Override
  public void close() {
    nodes.forEach(Node::close);
  }
}
