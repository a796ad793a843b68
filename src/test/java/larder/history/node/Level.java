package larder.history.node;

import java.util.Locale;
import java.util.Map;

/** How much of the layer a run uses, and so what it is held to. */
public enum Level {
  /**
   * Annotations and the log. Heartbeats vouch for what was appended, so the bound is counted from
   * the acknowledgement of a write's record.
   */
  ANNOTATIONS,

  /** Hibernate tells what was read and written; the bound is counted as above. */
  TRACKING,

  /** The outbox and its triggers: whoever wrote, the bound is counted from the commit. */
  OUTBOX;

  /** The highest that the layer has: what a run uses unless it is told. */
  public static final Level BUILT = OUTBOX;

  /** Returns the level of a name in any case. */
  public static Level of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** Returns the settings of the application that switch this level on. */
  public Map<String, String> settings() {
    return switch (this) {
      case ANNOTATIONS ->
          Map.of("larder.outbox.enabled", "false", "larder.defaults.tracking", "false");
      case TRACKING -> Map.of("larder.outbox.enabled", "false");
      case OUTBOX ->
          Map.of(
              "spring.flyway.enabled", "true",
              "spring.flyway.locations", "classpath:larder/postgresql",
              // The tables of the checker are there before.
              "spring.flyway.baseline-on-migrate", "true",
              "spring.flyway.baseline-version", "0");
    };
  }

  /** Whether writers of this kind write at all: the level promises something of them. */
  public boolean writes(WriteKind kind) {
    return switch (this) {
      case ANNOTATIONS -> kind == WriteKind.ANNOTATED;
      case TRACKING -> kind != WriteKind.PLAIN_SQL;
      case OUTBOX -> true;
    };
  }

  /** Whether a read on the writing node that begins after the writer's call returned sees it. */
  public boolean showsOwn(WriteKind kind) {
    return writes(kind) && kind != WriteKind.PLAIN_SQL;
  }

  /** Whether the bound is counted from the commit, and not from the record's acknowledgement. */
  public boolean boundsCommits() {
    return this == OUTBOX;
  }
}
