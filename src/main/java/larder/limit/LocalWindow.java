package larder.limit;

/** The calls in a window that began with its first. */
final class LocalWindow implements LocalCount {

  private final long limit;
  private final long length;
  private long start;
  private long count;

  LocalWindow(Limit limit) {
    this.limit = limit.limit();
    this.length = limit.window().toNanos();
  }

  private void moveOn(long now) {
    if (count == 0 || now - start >= length) {
      start = now;
      count = 0;
    }
  }

  @Override
  public long remaining(long now) {
    moveOn(now);
    return limit - count;
  }

  @Override
  public long nextIn(long now) {
    moveOn(now);
    return start + length - now;
  }

  @Override
  public long take(long now) {
    moveOn(now);
    count++;
    return start;
  }

  @Override
  public void giveBack(long stamp) {
    if (stamp == start && count > 0) {
      count--;
    }
  }
}
