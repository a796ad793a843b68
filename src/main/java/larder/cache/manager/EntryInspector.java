package larder.cache.manager;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Looks at what both tiers hold under a key, without serving it. */
final class EntryInspector {

  private static final JsonMapper JSON = JsonMapper.shared();

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
    Envelope envelope = bytes == null ? null : Envelope.read(bytes);
    if (envelope != null) {
      reports.add(remote(envelope));
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
        entry.payload(),
        entry.type(),
        expired ? Miss.EXPIRED : refusal(entry.stamp()));
  }

  private EntryReport remote(Envelope envelope) {
    Stamp stamp = Stamp.remote(envelope.mark().asOf(), envelope.mark().tags());
    long left = envelope.mark().expiresAtMillis() - tiers.clock().millis();
    ValueType type = typing.toRead(envelope.fingerprint());
    return report(
        "remote",
        stamp,
        null,
        Duration.ofMillis(left),
        envelope.payload(),
        type,
        left <= 0 ? Miss.EXPIRED : type == null ? Miss.SCHEMA : refusal(stamp));
  }

  private @Nullable Miss refusal(Stamp stamp) {
    return tiers.rule().provenAt(stamp) == ServingRule.NOT_PROVEN
        ? EntryLookup.reason(tiers.rule().doubt(stamp))
        : null;
  }

  private static @Nullable JsonNode json(byte[] payload) {
    try {
      return JSON.readTree(payload);
    } catch (JacksonException damaged) {
      return null;
    }
  }

  private EntryReport report(
      String tier,
      Stamp stamp,
      @Nullable Duration age,
      Duration left,
      byte[] payload,
      @Nullable ValueType type,
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
        payload.length,
        type == null ? null : type.toString(),
        values && payload.length > 0 ? json(payload) : null,
        refused);
  }
}
