package larder.cache.adviser;

import java.util.List;

/** Some rules that belong together. */
@FunctionalInterface
interface Rules {

  /** Returns what the rules find now; asks nobody outside of the process. */
  List<Finding> findings();
}
