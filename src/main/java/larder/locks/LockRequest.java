package larder.locks;

import java.time.Duration;

/**
 * What somebody wants who asks for a lock.
 *
 * @param name of the kind of lock, under which it is counted; not empty
 * @param key of what it is one of its kind; empty if there is only one
 * @param patience how long to wait in turn; zero does not wait
 * @param lease how long the lock outlives a dead owner; positive, and the same for all who ask for
 *     this name
 * @param atLeast how long the lock stays taken at least, even if it is given back before
 * @param renewed whether the lease is prolonged until the lock is given back
 */
public record LockRequest(
    String name, String key, Duration patience, Duration lease, Duration atLeast, boolean renewed) {

  public LockRequest {
    check(!name.isEmpty(), name, "name must not be empty, was", name);
    check(!patience.isNegative(), name, "patience must be zero or positive, was", patience);
    check(lease.toMillis() > 0, name, "lease must be at least 1ms, was", lease);
    check(!atLeast.isNegative(), name, "atLeast must be zero or positive, was", atLeast);
  }

  /** A request for a lock that ends when it is given back. */
  public LockRequest(String name, String key, Duration patience, Duration lease, boolean renewed) {
    this(name, key, patience, lease, Duration.ZERO, renewed);
  }

  private static void check(boolean ok, String name, String rule, Object value) {
    if (!ok) {
      throw new IllegalArgumentException("Lock '%s': %s: %s".formatted(name, rule, value));
    }
  }

  /** Returns the name with the key, which tells this lock from all others. */
  public String fullName() {
    return key.isEmpty() ? name : name + "(" + key + ")";
  }
}
