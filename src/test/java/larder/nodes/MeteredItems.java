package larder.nodes;

import java.util.List;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;

/** A service whose methods are run again by the consistency meter. */
@Service
class MeteredItems {

  private final Items items;
  private final JdbcTemplate jdbc;
  private final Hooks hooks;

  MeteredItems(Items items, JdbcTemplate jdbc, Hooks hooks) {
    this.items = items;
    this.jdbc = jdbc;
    this.hooks = hooks;
  }

  /** A value made from another cached value. */
  @Cacheable("made-of-items")
  String madeOf(long id) {
    return "made of " + items.find(id).text();
  }

  @Cacheable(cacheNames = "synced-items", sync = true)
  List<String> synced(long id) {
    return jdbc.queryForList("select text from item where id = ?", String.class, id);
  }

  /** Does more than read, as it should not. */
  @Cacheable("writing-items")
  int writing(long id) {
    hooks.read("writing " + id);
    return jdbc.update("insert into item (id, text) values (?, 'written')", id);
  }
}
