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

  /**
   * What an entry holds.
   *
   * @param stored what the whole of it takes in Redis, in bytes; null in this process
   */
  private record Content(
      Encoding encoding,
      int bytes,
      @Nullable Integer stored,
      @Nullable String type,
      @Nullable JsonNode value) {}

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
   * @param implied the tags that every value of its key carries
   */
  List<EntryReport> inspect(String fullKey, EntryAddress address, Tags implied) {
    List<EntryReport> reports = new ArrayList<>();
    NearEntry near = tiers.near().get(fullKey);
    if (near != null) {
      reports.add(near(near));
    }
    byte[] bytes = tiers.remote().get(address);
    Envelope envelope =
        bytes == null ? null : Envelope.read(bytes, implied, tiers.codec().maxBytes());
    if (bytes != null && envelope != null) {
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
        content(entry.payload(), entry.type().encoding(), entry.type(), null),
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
        content(envelope.payload(), envelope.encoding(), type, stored),
        left <= 0 ? Miss.EXPIRED : type == null ? Miss.SCHEMA : refusal(stamp));
  }

  private @Nullable Miss refusal(Stamp stamp) {
    return tiers.rule().provenAt(stamp) == ServingRule.NOT_PROVEN
        ? EntryJudge.reason(tiers.rule().doubt(stamp))
        : null;
  }

  private Content content(
      byte[] payload, Encoding encoding, @Nullable ValueType type, @Nullable Integer stored) {
    boolean shown = values && payload.length > 0;
    return new Content(
        encoding,
        payload.length,
        stored,
        type == null ? null : type.toString(),
        shown ? tiers.codec().tree(encoding, type, payload) : null);
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
        content.bytes(),
        content.stored(),
        content.type(),
        content.value(),
        refused);
  }
}
