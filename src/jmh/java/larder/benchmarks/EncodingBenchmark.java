package larder.benchmarks;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import larder.monolith.users.DirectoryPage;
import larder.monolith.users.UserSummary;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A value written as bytes, and read back from them. Of each, medians count: a busy machine spoils
 * means.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(1)
public class EncodingBenchmark {

  /** How it is written. */
  @Param("JSON")
  public String form = "";

  /** What is written. */
  @Param({"account", "page", "list", "text"})
  public String value = "";

  private Object written = "";
  private byte[] bytes = {};
  private Form way = Form.of("JSON", "");

  /** Returns a value by its name. */
  static Object value(String name) {
    return switch (name) {
      case "account" -> Account.of(4_711);
      case "page" -> page();
      case "list" -> new Form.AccountList(accounts());
      case "text" -> Account.of(4_711, 20_000);
      default -> throw new IllegalArgumentException("No value has the name " + name);
    };
  }

  /** A page of the directory, such as one of the monolith is, its times exact to a microsecond. */
  private static DirectoryPage page() {
    List<UserSummary> users = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Account account = Account.of(4_700 + i, i * 10);
      users.add(
          new UserSummary(
              account.id(),
              account.handle(),
              account.displayName(),
              account.about(),
              Instant.ofEpochSecond(1_700_000_000L + 7_919L * i, 123_457_000 + 7_919_000L * i)));
    }
    return new DirectoryPage(users, "", 0, 10, 1_000);
  }

  private static List<Account> accounts() {
    List<Account> accounts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      accounts.add(Account.of(4_700 + i));
    }
    return accounts;
  }

  /** Writes the value once. */
  @Setup
  public void start() {
    written = value(value);
    way = Form.of(form, written);
    bytes = way.write(written);
    if (!way.read(bytes).equals(written)) {
      throw new IllegalStateException(form + " does not bring back " + value);
    }
  }

  /** Writes it. */
  @Benchmark
  public byte[] encode() {
    return way.write(written);
  }

  /** Reads it. */
  @Benchmark
  public Object decode() {
    return way.read(bytes);
  }
}
