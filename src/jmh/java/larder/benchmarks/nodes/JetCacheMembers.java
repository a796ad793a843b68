package larder.benchmarks.nodes;

import com.alicp.jetcache.Cache;
import larder.benchmarks.Account;

/** The service under JetCache's own interface: what changes is removed or put after the commit. */
record JetCacheMembers(Members bare, Cache<Long, Account> cache) implements Members {

  @Override
  public Account find(long id) {
    return cache.computeIfAbsent(id, bare::find);
  }

  @Override
  public void renameAndEvict(long id, String name) {
    bare.rename(id, name);
    cache.remove(id);
  }

  @Override
  public Account renameAndPut(long id, String name) {
    Account renamed = bare.renameAndPut(id, name);
    cache.put(id, renamed);
    return renamed;
  }

  @Override
  public void rename(long id, String name) {
    bare.rename(id, name);
  }
}
