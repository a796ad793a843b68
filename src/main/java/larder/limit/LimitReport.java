package larder.limit;

import java.util.List;

/**
 * A limit, and what happened to its calls in this process.
 *
 * @param limit the limit as it holds
 * @param where the methods or the bean that say it
 * @param changed whether a setting has changed it
 * @param allowed calls that had room
 * @param refused calls that had none
 * @param away calls that were let through because Redis was away
 * @param local calls that this node decided by itself because Redis was away
 */
public record LimitReport(
    Limit limit,
    List<String> where,
    boolean changed,
    long allowed,
    long refused,
    long away,
    long local) {}
