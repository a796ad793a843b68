package larder.monolith.follows;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;

/** The row that says that one person follows another. */
@Entity
@Table(name = "follows")
@IdClass(FollowId.class)
class FollowEntity {

  @Id
  @Column(name = "follower_id")
  private long followerId;

  @Id
  @Column(name = "followed_id")
  private long followedId;

  @Column(name = "created_at", updatable = false)
  private Instant createdAt;

  /** For the persistence provider, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  protected FollowEntity() {}
}
