package larder.cache.manager;

import java.time.Duration;
import java.util.List;
import larder.cache.statistics.Miss;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What one tier holds under a key.
 *
 * @param tier {@code near} or {@code remote}
 * @param position the last record of the log whose change the value is known to contain
 * @param complete whether all that the value depends on is known
 * @param tags the hashes of what it depends on, in hexadecimal
 * @param age time since it was loaded or renewed; null if that is not known
 * @param ttlLeft time until it expires; negative if it has
 * @param bytes encoded size of the value; 0 for "not found"
 * @param type the type it was written for; null if it is none that methods declare now
 * @param value the value as the JSON it is kept as; null for "not found", if it may not be shown,
 *     and if it is no JSON
 * @param refused why it would not be served now; null if it would
 */
public record EntryReport(
    String tier,
    String position,
    boolean complete,
    List<String> tags,
    @Nullable Duration age,
    Duration ttlLeft,
    int bytes,
    @Nullable String type,
    @Nullable JsonNode value,
    @Nullable Miss refused) {}
