package larder.benchmarks.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is asked for, one after the other and then from the start. A line: path, tab, content. */
final class Plan {

  private final List<Ask> asks;
  private int next;

  private Plan(List<Ask> asks) {
    this.asks = asks;
  }

  static Plan read(String file, boolean zipped) {
    Map<String, Ask> met = new HashMap<>();
    List<Ask> asks = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(Path.of(file))) {
        asks.add(met.computeIfAbsent(line, one -> Ask.of(one, zipped)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Plan(asks);
  }

  /** Returns the next request; called by one thread at a time. */
  Ask next() {
    next = (next + 1) % asks.size();
    return asks.get(next);
  }
}
