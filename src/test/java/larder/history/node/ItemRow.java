package larder.history.node;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of the first table, read by its id. */
@Entity
@Table(name = "history_item")
class ItemRow {

  @Id private int id;
  private int bucket;
  private long stamp;

  protected ItemRow() {}

  long raise() {
    return ++stamp;
  }

  Stamped toStamped() {
    return new Stamped(id, stamp);
  }
}
