package larder.cache.overview;

import java.util.List;

/**
 * What happened to one cache in this process of late.
 *
 * @param cache its name
 * @param steps the last minutes in spans that follow each other, the oldest first
 * @param recent the same as one span
 * @param total all since the start
 */
public record CacheReport(String cache, List<CacheStep> steps, CacheStep recent, CacheStep total) {}
