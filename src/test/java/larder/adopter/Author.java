package larder.adopter;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** An entity that others refer to. */
@Entity
class Author {

  @Id private long id;
  private String name = "";

  protected Author() {}

  Author(long id, String name) {
    this.id = id;
    this.name = name;
  }

  String name() {
    return name;
  }
}
