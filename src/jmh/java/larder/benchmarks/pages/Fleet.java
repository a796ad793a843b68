package larder.benchmarks.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import larder.dev.servers.Database;
import larder.dev.servers.TestServers;

/** The nodes of one row, on a database of their own and a Redis that has nothing of others. */
final class Fleet implements AutoCloseable {

  static final int NODES = 2;

  private final List<Node> nodes = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();
  private final Database people;

  private Fleet(Path folder, Row row) throws Exception {
    TestServers.redis().flush();
    this.people = TestServers.postgres().createDatabase(row.database());
    try {
      for (int i = 0; i < NODES; i++) {
        nodes.add(launch(row, folder.resolve(row.database() + "-" + i + ".log")));
      }
      for (Node node : nodes) {
        ports.add(node.port());
      }
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  /** Starts the nodes, and returns when they answer. */
  static Fleet start(Path folder, Row row) throws Exception {
    return new Fleet(folder, row);
  }

  private Node launch(Row row, Path log) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(row.setup().name()));
    people.settings().forEach((name, value) -> arguments.add("--" + name + "=" + value));
    arguments.addAll(row.setup().arguments());
    arguments.add("--spring.application.name=" + row.database());
    arguments.add("--spring.data.redis.url=" + TestServers.redis().url());
    arguments.addAll(List.of("--server.address=127.0.0.1", "--server.port=0"));
    arguments.addAll(List.of("--logging.level.root=warn", "--spring.main.banner-mode=off"));
    Files.deleteIfExists(log);
    return Node.launch(PageNode.class, arguments, log);
  }

  /** Returns where the nodes answer, the first ones of them. */
  List<Integer> ports(int count) {
    return ports.subList(0, count);
  }

  /** Returns what all nodes, and the servers, have used of the processors until now. */
  Cpu cpu() throws IOException {
    return Cpu.now(nodes.stream().map(Node::pid).toList());
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
