package larder.writebehind;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import larder.writebehind.WriteBehind.WhenRefused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/** One buffer as those see it who write: elements go to their partitions, or are refused. */
final class Buffer {

  private static final Logger log = LoggerFactory.getLogger(Buffer.class);

  private final Declaration declaration;
  private final ElementCodec codec;
  private final Sink sink;
  private final List<PartitionStream> streams;
  private final TransactionOperations callers;
  private final int bound;
  private final Counts counts;

  /**
   * @param streams of all partitions, by number
   * @param callers the transactions of those who write through
   * @param bound most entries that may wait in a partition
   */
  Buffer(
      Declaration declaration,
      Sink sink,
      List<PartitionStream> streams,
      TransactionOperations callers,
      int bound,
      Counts counts) {
    this.declaration = declaration;
    this.codec = new ElementCodec(declaration.element());
    this.sink = sink;
    this.streams = List.copyOf(streams);
    this.callers = callers;
    this.bound = bound;
    this.counts = counts;
  }

  /** The elements of one call that go to one partition. */
  private record Part(List<Object> elements, List<byte[]> payloads) {}

  /**
   * Appends elements, those of each partition in one step. Returns what is known of all of them:
   * the worst outcome.
   *
   * @throws WriteBehindRefusedException if the buffer is to fail then
   */
  AppendOutcome append(List<?> elements) {
    AppendOutcome all = AppendOutcome.APPENDED;
    for (Map.Entry<Integer, Part> one : parts(elements).entrySet()) {
      Part part = one.getValue();
      AppendOutcome outcome = streams.get(one.getKey()).append(part.payloads(), bound);
      counts.of(outcome).add(part.payloads().size());
      if (outcome != AppendOutcome.APPENDED) {
        notAppended(outcome, part.elements());
        all = outcome;
      }
    }
    return all;
  }

  private Map<Integer, Part> parts(List<?> elements) {
    Map<Integer, Part> parts = new TreeMap<>();
    for (Object element : elements) {
      byte[] json = codec.encode(element);
      int number = declaration.partition(element, new String(json, UTF_8));
      Part part =
          parts.computeIfAbsent(number, unused -> new Part(new ArrayList<>(), new ArrayList<>()));
      part.elements().add(element);
      part.payloads().add(json);
    }
    return parts;
  }

  private void notAppended(AppendOutcome outcome, List<Object> elements) {
    log.debug("{}: {} not appended, {}", declaration.name(), elements.size(), outcome);
    if (declaration.whenRefused() == WhenRefused.FAIL) {
      throw new WriteBehindRefusedException(declaration.name(), outcome);
    } else if (outcome.isRefusal() && declaration.whenRefused() == WhenRefused.WRITE_THROUGH) {
      callers.executeWithoutResult(status -> sink.apply(List.copyOf(elements)));
      counts.writtenThrough.add(elements.size());
    } else if (outcome.isRefusal()) {
      counts.dropped.add(elements.size());
    }
  }
}
