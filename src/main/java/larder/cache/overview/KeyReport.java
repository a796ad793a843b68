package larder.cache.overview;

import java.time.Duration;

/**
 * One key whose value this process holds.
 *
 * @param key its text
 * @param loadTime how long its load took
 * @param bytes what it takes in this process, as estimated
 * @param ttlLeft time until it expires; negative if it has
 */
public record KeyReport(String key, Duration loadTime, long bytes, Duration ttlLeft) {}
