package larder.cache.hibernate;

import larder.cache.jdbc.ToldStatements;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.jspecify.annotations.Nullable;

/** Marks the statements of sessions as told by their tracking, after another inspector. */
record ToldInspector(StatementInspector first) implements StatementInspector {

  @Override
  public String inspect(String sql) {
    @Nullable String changed = first.inspect(sql);
    String prepared = changed == null ? sql : changed;
    ToldStatements.next(prepared);
    return prepared;
  }
}
