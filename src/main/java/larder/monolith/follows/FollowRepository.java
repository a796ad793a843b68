package larder.monolith.follows;

import java.time.Instant;
import java.util.List;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The table of who follows whom. */
interface FollowRepository extends Repository<FollowEntity, FollowId> {

  /** Adds a follow unless it is there; returns how many rows were added. */
  @Modifying
  @Query(
      value =
          """
          insert into follows (follower_id, followed_id, created_at)
          values (:follower, :followed, :now) on conflict do nothing
          """,
      nativeQuery = true)
  int add(long follower, long followed, Instant now);

  /** Removes a follow; returns how many rows were removed. */
  @Modifying
  @Query("delete from FollowEntity f where f.followerId = :follower and f.followedId = :followed")
  int remove(long follower, long followed);

  @Query("select f.followedId from FollowEntity f where f.followerId = :follower")
  List<Long> followedBy(long follower);

  boolean existsByFollowerIdAndFollowedId(long followerId, long followedId);

  @Query("select count(f) from FollowEntity f where f.followedId = :followed")
  long countFollowers(long followed);

  long countByFollowerId(long follower);

  /** Returns those whom a person follows, the last changed first. */
  @Query(
      """
      select new larder.monolith.follows.FollowedProfile(
        u.id, u.handle, u.displayName, left(u.bio, 160), u.version, u.createdAt, u.updatedAt)
      from FollowEntity f join UserEntity u on u.id = f.followedId
      where f.followerId = :follower
      order by u.updatedAt desc, u.id desc
      """)
  List<FollowedProfile> profiles(long follower, Pageable page);
}
