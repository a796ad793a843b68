package larder.cache.warmup;

/** A thread that warms caches: what it asks for says nothing of what callers use. */
final class WarmingThread extends Thread {

  /** Loads since it was asked last; touched by this thread only. */
  private int loads;

  WarmingThread(Runnable task, int number) {
    super(task, "larder-warmup-" + number);
    setDaemon(true);
  }

  /** Takes note of a load if this thread is one of these; returns whether it is. */
  static boolean noteLoad() {
    if (Thread.currentThread() instanceof WarmingThread warming) {
      warming.loads++;
      return true;
    }
    return false;
  }

  /** Returns how many methods have run in this thread since this was asked last. */
  static int takeLoads() {
    WarmingThread warming = (WarmingThread) Thread.currentThread();
    int taken = warming.loads;
    warming.loads = 0;
    return taken;
  }
}
