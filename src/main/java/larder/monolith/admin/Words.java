package larder.monolith.admin;

import java.util.Set;
import java.util.stream.Collectors;
import larder.cache.log.Author.Cause;
import larder.cache.overview.FeedLine;
import larder.cache.statistics.Miss;
import org.springframework.stereotype.Component;

/** What the layer's enumerations mean, in a few words for people. */
@Component("words")
public class Words {

  /** Returns why a lookup was answered by no entry. */
  public String miss(Miss reason) {
    return switch (reason) {
      case ABSENT -> "there was no entry, or none any more";
      case EXPIRED -> "its time to live was over";
      case REFRESH -> "loaded again before it expired, since its load is dear";
      case INVALIDATED -> "something it depends on has changed";
      case FLOOR -> "from before what this node knows of the log";
      case DEGRADED -> "this node was not sure to be current, or what it depends on is not known";
      case UNAVAILABLE -> "Redis did not answer";
      case UNDECODABLE -> "its bytes could not be read";
      case SCHEMA -> "written for another type";
      case TRANSACTION -> "the caller's transaction may show something else";
      case SESSION -> "the caller wrote something that this node had not seen yet";
    };
  }

  /** Returns what an invalidation names. */
  public String what(FeedLine line) {
    return switch (line.kind()) {
      case EVERYTHING -> "everything from before";
      case GAP -> "everything from before: records were lost unread";
      case NEW_HISTORY -> "everything from before: another history of the log, as after a start";
      case NAMED -> named(line);
    };
  }

  private static String named(FeedLine line) {
    String named = String.join(", ", line.named());
    if (line.unnamed() == 0) {
      return named;
    }
    String others =
        line.unnamed() == 1
            ? "a row or key not seen by this node"
            : line.unnamed() + " rows or keys not seen by this node";
    return named.isEmpty() ? others : named + ", and " + others;
  }

  /** Returns what was done that made an invalidation. */
  public String by(FeedLine line) {
    return switch (line.kind()) {
      case NAMED -> line.causes().isEmpty() ? "not said" : causes(line.causes());
      case EVERYTHING -> "the log";
      default -> "this node";
    };
  }

  private static String causes(Set<Cause> causes) {
    return causes.stream().map(Words::cause).collect(Collectors.joining(", "));
  }

  private static String cause(Cause cause) {
    return switch (cause) {
      case EVICT -> "evict";
      case PUT -> "put";
      case CLEAR -> "clear";
      case WRITE -> "write by JPA or JDBC";
      case OUTBOX -> "SQL, told by the outbox";
    };
  }

  /** Returns which node told of an invalidation. */
  public String from(FeedLine line, String thisNode) {
    if (line.node() == null) {
      return Amounts.NONE;
    }
    String node = line.node().equals(thisNode) ? "this node" : "node " + line.node();
    return line.causes().contains(Cause.OUTBOX) ? "relay of " + node : node;
  }
}
