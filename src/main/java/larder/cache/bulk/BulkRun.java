package larder.cache.bulk;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import larder.cache.load.Call;
import larder.cache.log.Tags;
import larder.cache.manager.BulkLoader;
import larder.cache.method.MethodTracking;
import larder.cache.tracking.Reads;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;

/**
 * What runs a bulk method for the ids that one of its calls misses, and tells on what each value
 * depends: on all that the run has read, unless the developer said that a value is made of its own
 * row of a table and that row was seen to be read by its id. Used by one thread.
 */
final class BulkRun implements BulkLoader<Object> {

  private final ProxyMethodInvocation invocation;
  private final BulkMethod method;
  private final MethodTracking tracking;
  private final Call call;
  private final BooleanSupplier mayRemember;
  private @Nullable Boolean remembers;

  /**
   * @param mayRemember whether "not found" is remembered; asked once, where something is not
   */
  BulkRun(
      ProxyMethodInvocation invocation,
      BulkMethod method,
      MethodTracking tracking,
      Call call,
      BooleanSupplier mayRemember) {
    this.invocation = invocation;
    this.method = method;
    this.tracking = tracking;
    this.call = call;
    this.mayRemember = mayRemember;
  }

  @Override
  public Loads<Object> load(List<Object> keys) throws Throwable {
    Collection<Object> ids = method.takesSet() ? new LinkedHashSet<>(keys) : new ArrayList<>(keys);
    @Nullable Object[] arguments = invocation.getArguments().clone();
    arguments[arguments.length - 1] = ids;
    MethodInvocation run = invocation.invocableClone(arguments);
    Reads reads = tracking.begin(run, method.ownRows().isEmpty() ? 0 : ids.size());
    if (reads == null) {
      Map<?, ?> values = values(run.proceed());
      return new Loads<>(values, key -> call.readTags());
    }
    call.reading(reads);
    Reads.Span span = reads.resume();
    Map<?, ?> values;
    Tags handed;
    try {
      values = values(run.proceed());
    } finally {
      span.close();
      handed = call.readTags();
      tracking.conclude(run, call, reads);
      if (reads.isPrivate()) {
        Call.keepPrivate();
      }
    }
    return new Loads<>(values, key -> tags(key, reads, handed));
  }

  private Tags tags(Object key, Reads reads, Tags handed) {
    Tags own = reads.tagsOfPart(method.ownRows(), key.toString());
    return own == null ? call.readTags() : own.and(handed);
  }

  private static Map<?, ?> values(@Nullable Object answer) {
    return answer instanceof Map<?, ?> values ? values : Map.of();
  }

  @Override
  public boolean remembersNotFound() {
    Boolean known = remembers;
    if (known == null) {
      known = mayRemember.getAsBoolean();
      remembers = known;
    }
    return known;
  }
}
