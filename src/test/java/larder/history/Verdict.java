package larder.history;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import larder.cache.CachedCall.Source;
import larder.history.node.ReadKind;
import larder.history.node.WriteKind;

/**
 * The judgement of a run.
 *
 * @param judgedReads calls whose answer was judged
 * @param judgedRows rows in these answers
 * @param reads judged reads by kind
 * @param sources judged reads by where the answer came from
 * @param writes finished writes by kind
 * @param failedReads calls that threw; not judged
 * @param failedWrites writes that threw, whose outcome is unknown
 * @param worstMillis the worst staleness of a row
 * @param high the 99.9th percentile of staleness, in milliseconds
 * @param freshShare the share of rows that showed the newest
 * @param violationCount rows that were staler than they may be
 * @param violations the first of them, each stale row once for each node
 */
record Verdict(
    long judgedReads,
    long judgedRows,
    Map<ReadKind, Long> reads,
    Map<Source, Long> sources,
    Map<WriteKind, Long> writes,
    long failedReads,
    long failedWrites,
    double worstMillis,
    double high,
    double freshShare,
    long violationCount,
    List<Violation> violations) {

  /** Returns this as lines, instants counted from {@code start}. */
  String text(long start) {
    return String.format(
            Locale.ROOT,
            """
            reads judged   %,d (%,d rows) %s
            answered by    %s
            reads failed   %,d
            writes         %,d %s, %,d of unknown outcome
            staleness      worst %.1f ms, 99.9th percentile %.1f ms; %.3f %% showed the newest
            violations     %,d
            """,
            judgedReads,
            judgedRows,
            new TreeMap<>(reads),
            shares(),
            failedReads,
            finishedWrites(),
            new TreeMap<>(writes),
            failedWrites,
            worstMillis,
            high,
            100 * freshShare,
            violationCount)
        + violations.stream()
            .map(each -> "  " + each.text(start) + "\n")
            .collect(Collectors.joining());
  }

  long finishedWrites() {
    return writes.values().stream().mapToLong(Long::longValue).sum();
  }

  private String shares() {
    return new TreeMap<>(sources)
        .entrySet().stream()
            .map(
                source ->
                    String.format(
                        Locale.ROOT,
                        "%s %.1f %%",
                        source.getKey(),
                        100.0 * source.getValue() / judgedReads))
            .collect(Collectors.joining(", "));
  }
}
