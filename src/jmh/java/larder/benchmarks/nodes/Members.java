package larder.benchmarks.nodes;

import larder.benchmarks.Account;

/** What a node's pages call. */
interface Members {

  /** Returns a member, from a cache if there is one. */
  Account find(long id);

  /** Renames a member, and has its cached value evicted. */
  void renameAndEvict(long id, String name);

  /** Renames a member, and has its cached value replaced. */
  Account renameAndPut(long id, String name);

  /** Renames a member, and says nothing of caches. */
  void rename(long id, String name);
}
