package larder.monolith.users;

import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

/** The table of users. */
interface UserRepository extends JpaRepository<UserEntity, Long> {

  @Query("select u from UserEntity u where lower(u.handle) = lower(:handle)")
  Optional<UserEntity> findByHandle(String handle);

  @Query("select u from UserEntity u where lower(u.email) = lower(:email)")
  Optional<UserEntity> findByEmail(String email);

  /** Returns the user and keeps everybody from changing them until the transaction ends. */
  @Lock(LockModeType.PESSIMISTIC_WRITE)
  @Query("select u from UserEntity u where u.id = :id")
  Optional<UserEntity> findForDeletion(long id);

  /**
   * Returns the users whose handle or display name is like the pattern, by name.
   *
   * @param pattern a LIKE pattern in which {@code !} escapes
   */
  @Query(
      value =
          """
          select new larder.monolith.users.UserSummary(
            u.id, u.handle, u.displayName, left(u.bio, 160), u.createdAt)
          from UserEntity u
          where lower(u.handle) like lower(:pattern) escape '!'
             or lower(u.displayName) like lower(:pattern) escape '!'
          order by lower(u.displayName), u.id
          """,
      countQuery =
          """
          select count(u)
          from UserEntity u
          where lower(u.handle) like lower(:pattern) escape '!'
             or lower(u.displayName) like lower(:pattern) escape '!'
          """)
  Page<UserSummary> search(String pattern, Pageable page);

  /** Returns those who signed up last, the newest first. */
  @Query(
      """
      select new larder.monolith.users.UserSummary(
        u.id, u.handle, u.displayName, left(u.bio, 160), u.createdAt)
      from UserEntity u
      order by u.createdAt desc, u.id desc
      """)
  List<UserSummary> newest(Pageable page);
}
