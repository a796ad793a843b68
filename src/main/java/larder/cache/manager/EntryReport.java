package larder.cache.manager;

import java.time.Duration;
import java.util.List;
import larder.cache.Encoding;
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
 * @param encoding how the value is written
 * @param bytes encoded size of the value, before compression; 0 for "not found"
 * @param storedBytes what Redis holds: the value, compressed if it is, and all that goes with it;
 *     null in this process
 * @param type the type it was written for; null if it is none that methods declare now
 * @param value the value as JSON, with names if its type is known; null for "not found", if it may
 *     not be shown, and if it cannot be read
 * @param refused why it would not be served now; null if it would
 */
public record EntryReport(
    String tier,
    String position,
    boolean complete,
    List<String> tags,
    @Nullable Duration age,
    Duration ttlLeft,
    Encoding encoding,
    int bytes,
    @Nullable Integer storedBytes,
    @Nullable String type,
    @Nullable JsonNode value,
    @Nullable Miss refused) {}
