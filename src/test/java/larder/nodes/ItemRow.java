package larder.nodes;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of the one table, as JPA sees it. */
@Entity
@Table(name = "item")
class ItemRow {

  @Id private long id;
  private String text = "";

  protected ItemRow() {}

  ItemRow(long id, String text) {
    this.id = id;
    this.text = text;
  }

  Item toItem() {
    return new Item(id, text);
  }

  void changeText(String changed) {
    text = changed;
  }
}
