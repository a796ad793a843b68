package larder.history.node;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of the second table, reached by a query for its owner. */
@Entity
@Table(name = "history_part")
class PartRow {

  @Id private int id;
  private int owner;
  private long stamp;

  protected PartRow() {}

  long raise() {
    return ++stamp;
  }
}
