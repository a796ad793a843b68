package larder.limit;

/** A bucket, as the time when it is full again. */
final class LocalBucket implements LocalCount {

  private final long burst;
  private final long interval;
  private long full = Long.MIN_VALUE;

  LocalBucket(Limit limit) {
    this.burst = limit.burst();
    this.interval = limit.intervalMicros() * 1_000;
  }

  private long ahead(long now) {
    return full == Long.MIN_VALUE ? 0 : Math.max(full - now, 0);
  }

  @Override
  public long remaining(long now) {
    return Math.max((burst * interval - ahead(now)) / interval, 0);
  }

  @Override
  public long nextIn(long now) {
    return Math.max(ahead(now) - (burst - remaining(now) - 1) * interval, 0);
  }

  @Override
  public long take(long now) {
    full = now + ahead(now) + interval;
    return full;
  }

  /** Keeps the token: taking it back would let a call more through than the bucket promises. */
  @Override
  public void giveBack(long stamp) {}
}
