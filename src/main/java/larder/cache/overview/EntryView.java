package larder.cache.overview;

import java.util.List;
import larder.cache.manager.EntryReport;

/**
 * What one tier holds under a key.
 *
 * @param entry the entry, without its value
 * @param dependsOn its tags in words
 */
public record EntryView(EntryReport entry, List<String> dependsOn) {}
