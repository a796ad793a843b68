package larder.adopter;

import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import org.jspecify.annotations.Nullable;

/** An entity with a lazy part. */
@Entity
class Book {

  @Id private long id;
  private String title = "";

  @ManyToOne(fetch = FetchType.LAZY)
  private @Nullable Author author;

  protected Book() {}

  Book(long id, String title, Author author) {
    this.id = id;
    this.title = title;
    this.author = author;
  }

  long id() {
    return id;
  }

  String title() {
    return title;
  }

  void rename(String changed) {
    title = changed;
  }

  @Nullable Author author() {
    return author;
  }
}
