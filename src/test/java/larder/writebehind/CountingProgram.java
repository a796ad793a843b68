package larder.writebehind;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import larder.dev.servers.Database;
import larder.writebehind.WriteBehind.WhenRefused;

/**
 * A node in a process of its own, which appends all the time and tells of each append before and
 * after: {@code T key seq} it tries, {@code A} Redis has it, {@code N} Redis does not have it,
 * {@code U} nobody knows.
 *
 * <p>After an append of which nobody knows it goes on with another key, since the order of what is
 * not acknowledged is not promised. A byte on its input ends it, in good order.
 */
final class CountingProgram {

  private static final long PAUSE_MICROS = 500;

  private final BehindNode node;
  private final String name;
  private final PrintStream out;
  private volatile boolean ending;
  private int keys;

  private CountingProgram(BehindNode node, String name, PrintStream out) {
    this.node = node;
    this.name = name;
    this.out = out;
  }

  /**
   * Runs until it is told to end.
   *
   * @param arguments the port of Redis, the database's address, user and password, and a name that
   *     no other process has
   */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    Database database = new Database(arguments[1], arguments[2], arguments[3]);
    BehindNode node =
        new BehindNode(
                Integer.parseInt(arguments[0]),
                database,
                Duration.ofMillis(250),
                BehindNode.SOON,
                WhenRefused.DROP,
                Writes::insert)
            .started();
    new CountingProgram(node, arguments[4], out).run();
    System.exit(0);
  }

  private void run() throws IOException, InterruptedException {
    Thread producer = new Thread(this::produce, "producer");
    producer.start();
    System.in.read();
    ending = true;
    producer.join();
    node.close();
  }

  private void produce() {
    long[] last = new long[4];
    String[] current = new String[last.length];
    for (int i = 0; !ending; i = (i + 1) % last.length) {
      if (current[i] == null) {
        current[i] = name + "-" + keys++;
        last[i] = 0;
      }
      last[i]++;
      tell("T", current[i], last[i]);
      AppendOutcome outcome = node.append(current[i], last[i]);
      tell(word(outcome), current[i], last[i]);
      if (outcome == AppendOutcome.UNKNOWN) {
        current[i] = null;
      }
      pause();
    }
  }

  private static String word(AppendOutcome outcome) {
    return outcome == AppendOutcome.APPENDED ? "A" : outcome.isRefusal() ? "N" : "U";
  }

  private void tell(String what, String key, long seq) {
    out.println(what + " " + key + " " + seq);
    out.flush();
  }

  private static void pause() {
    try {
      TimeUnit.MICROSECONDS.sleep(PAUSE_MICROS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
