package larder.cache.manager;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import larder.cache.Encoding;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.node.ServingRule;
import larder.cache.log.node.Stamp;
import larder.cache.near.NearEntry;
import larder.cache.remote.EntryAddress;
import larder.cache.statistics.Miss;
import larder.cache.value.Envelope;
import larder.cache.value.ValueType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Looks at what both tiers hold under a key, without serving it. */
final class EntryInspector {

  /** What an entry holds, and what the whole of it takes in Redis. */
  private record Content(
      byte[] payload, Encoding encoding, @Nullable ValueType type, @Nullable Integer stored) {}

  private final Tiers tiers;
  private final Typing typing;
  private final boolean values;

  /**
   * @param values whether values are shown
   */
  EntryInspector(Tiers tiers, Typing typing, boolean values) {
    this.tiers = tiers;
    this.typing = typing;
    this.values = values;
  }

  /**
   * Returns what there is, near first.
   *
   * @param fullKey its name in this process
   * @param address where it stands in Redis
   */
  List<EntryReport> inspect(String fullKey, EntryAddress address) {
    List<EntryReport> reports = new ArrayList<>();
    NearEntry near = tiers.near().get(fullKey);
    if (near != null) {
      reports.add(near(near));
    }
    byte[] bytes = tiers.remote().get(address);
    Envelope envelope = bytes == null ? null : Envelope.read(bytes, tiers.codec().maxBytes());
    if (envelope != null) {
      reports.add(remote(envelope, bytes.length));
    }
    return reports;
  }

  private EntryReport near(NearEntry entry) {
    long now = tiers.nanoClock().getAsLong();
    boolean expired = now - entry.life().expiresNanos() >= 0;
    return report(
        "near",
        entry.stamp(),
        Duration.ofNanos(now - entry.life().renewedNanos()),
        Duration.ofNanos(entry.life().expiresNanos() - now),
        new Content(entry.payload(), entry.type().encoding(), entry.type(), null),
        expired ? Miss.EXPIRED : refusal(entry.stamp()));
  }

  private EntryReport remote(Envelope envelope, int stored) {
    Stamp stamp = Stamp.remote(envelope.mark().asOf(), envelope.mark().tags());
    long left = envelope.mark().expiresAtMillis() - tiers.clock().millis();
    ValueType type = typing.toRead(envelope.fingerprint());
    return report(
        "remote",
        stamp,
        null,
        Duration.ofMillis(left),
        new Content(envelope.payload(), envelope.encoding(), type, stored),
        left <= 0 ? Miss.EXPIRED : type == null ? Miss.SCHEMA : refusal(stamp));
  }

  private @Nullable Miss refusal(Stamp stamp) {
    return tiers.rule().provenAt(stamp) == ServingRule.NOT_PROVEN
        ? EntryLookup.reason(tiers.rule().doubt(stamp))
        : null;
  }

  private @Nullable JsonNode tree(Content content) {
    return tiers.codec().tree(content.encoding(), content.type(), content.payload());
  }

  private EntryReport report(
      String tier,
      Stamp stamp,
      @Nullable Duration age,
      Duration left,
      Content content,
      @Nullable Miss refused) {
    Position asOf = stamp.asOf();
    Tags tags = stamp.tags();
    List<String> named = new ArrayList<>();
    for (int i = 0; i < tags.size(); i++) {
      named.add(Long.toHexString(tags.hash(i)));
    }
    return new EntryReport(
        tier,
        asOf.epoch() + "-" + asOf.n(),
        stamp.complete(),
        named,
        age,
        left,
        content.encoding(),
        content.payload().length,
        content.stored(),
        content.type() == null ? null : content.type().toString(),
        values && content.payload().length > 0 ? tree(content) : null,
        refused);
  }
}
