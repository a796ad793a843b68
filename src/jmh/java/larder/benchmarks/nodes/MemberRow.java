package larder.benchmarks.nodes;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import larder.benchmarks.Account;

/** A row of the one table, as JPA sees it. */
@Entity
@Table(name = "member")
class MemberRow {

  @Id private long id;
  private String handle = "";

  @Column(name = "display_name")
  private String displayName = "";

  private String about = "";

  @Column(name = "created_at")
  private Instant createdAt = Instant.EPOCH;

  private int followers;

  protected MemberRow() {}

  Account toAccount() {
    return new Account(id, handle, displayName, about, createdAt, followers);
  }

  void rename(String name) {
    displayName = name;
  }
}
