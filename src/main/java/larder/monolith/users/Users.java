package larder.monolith.users;

import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import larder.cache.BulkCacheable;
import larder.cache.CachePolicy;
import org.hibernate.Session;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * The users of the monolith.
 *
 * <p>A profile is cached under its id and under its handle in lower case; both caches also remember
 * for a short while that there is nobody. Nothing here says what a write makes untrue: what the
 * cached methods read and what anybody writes is tracked. A profile that was just written is put
 * under its new state, so that the page after the form loads nothing.
 */
@Service
@Transactional(readOnly = true)
@CachePolicy(
    caches = {"users", "users-by-handle"},
    ttl = "1h",
    notFoundTtl = "30s")
@CachePolicy(caches = "user-directory", ttl = "1m")
@CachePolicy(caches = "newest-users", ttl = "5m")
public class Users {

  private static final String RESULT_HANDLE =
      "#result.handle.toLowerCase(T(java.util.Locale).ROOT)";

  private final UserRepository repository;
  private final EntityManager entities;
  private final PasswordEncoder passwords;
  private final Clock clock;
  private final ApplicationEventPublisher events;

  Users(
      UserRepository repository,
      EntityManager entities,
      PasswordEncoder passwords,
      Clock clock,
      ApplicationEventPublisher events) {
    this.repository = repository;
    this.entities = entities;
    this.passwords = passwords;
    this.clock = clock;
    this.events = events;
  }

  /** Returns the user with this id, if there is one. */
  @Cacheable("users")
  public Optional<User> find(long id) {
    return repository.findById(id).map(UserEntity::toUser);
  }

  /** Returns the users with these ids, by id and in the order of the ids: those that there are. */
  @BulkCacheable(value = "users", ownRows = "users")
  public Map<Long, User> findAll(Collection<Long> ids) {
    return entities.unwrap(Session.class).findMultiple(UserEntity.class, List.copyOf(ids)).stream()
        .filter(Objects::nonNull)
        .map(UserEntity::toUser)
        .collect(Collectors.toMap(User::id, user -> user));
  }

  /**
   * Returns the user with this handle in any spelling, if there is one. What cannot be a handle is
   * nobody's and takes no room in the cache.
   */
  @Cacheable(
      cacheNames = "users-by-handle",
      key = "#handle.toLowerCase(T(java.util.Locale).ROOT)",
      condition = "#handle.length() <= 30")
  public Optional<User> findByHandle(String handle) {
    return Field.HANDLE.problem(handle).isPresent()
        ? Optional.empty()
        : repository.findByHandle(handle).map(UserEntity::toUser);
  }

  /**
   * Returns the users whose handle or display name contains the text, by name.
   *
   * @param query the text, in any spelling; empty for everybody
   * @param page the page, counted from 0 and taken into the bounds of {@link DirectoryPage}
   * @param size the size of a page, taken into the same bounds
   */
  @Cacheable("user-directory")
  public DirectoryPage directory(String query, int page, int size) {
    String text = SearchText.normalize(query);
    PageRequest request =
        PageRequest.of(
            Math.min(Math.max(page, 0), DirectoryPage.MAX_PAGE),
            Math.min(Math.max(size, 1), DirectoryPage.MAX_SIZE));
    Page<UserSummary> found = repository.search(SearchText.pattern(text), request);
    return new DirectoryPage(
        found.getContent(),
        text,
        request.getPageNumber(),
        request.getPageSize(),
        found.getTotalElements());
  }

  /** Returns those who signed up last, the newest first: between 1 and 100 of them. */
  @Cacheable("newest-users")
  public List<UserSummary> newest(int count) {
    return List.copyOf(repository.newest(PageRequest.of(0, Math.min(Math.max(count, 1), 100))));
  }

  /** Returns those of the users who are there, in no order, by one look at the database. */
  public List<UserSummary> summaries(Collection<Long> ids) {
    return entities.unwrap(Session.class).findMultiple(UserEntity.class, List.copyOf(ids)).stream()
        .filter(Objects::nonNull)
        .map(UserEntity::toSummary)
        .toList();
  }

  /**
   * Makes a person a user and returns their profile.
   *
   * @throws InvalidInput if a value breaks the rule of its field
   * @throws HandleTaken if another user has the handle
   * @throws EmailTaken if another user has the e-mail address
   */
  @Transactional
  @Caching(
      put = {
        @CachePut(cacheNames = "users", key = "#result.id"),
        @CachePut(cacheNames = "users-by-handle", key = RESULT_HANDLE)
      })
  public User signUp(SignUp signUp) {
    Map<Field, String> values = new EnumMap<>(Field.class);
    values.put(Field.HANDLE, signUp.handle());
    values.put(Field.EMAIL, signUp.email());
    values.put(Field.DISPLAY_NAME, signUp.displayName());
    values.put(Field.PASSWORD, signUp.password());
    InvalidInput.check(values);
    UserEntity user = new UserEntity(signUp, passwords.encode(signUp.password()), clock.instant());
    return store(user);
  }

  /**
   * Changes what a profile says and returns it. A change that asks for what the profile already
   * says succeeds and writes nothing.
   *
   * @param version the version that the change was made to
   * @throws InvalidInput if a value breaks the rule of its field
   * @throws EditConflict if the profile has another version by now
   * @throws NoSuchUser if the user does not exist
   */
  @Transactional
  @Caching(
      put = {
        @CachePut(cacheNames = "users", key = "#result.id"),
        @CachePut(cacheNames = "users-by-handle", key = RESULT_HANDLE)
      })
  public User updateProfile(long id, int version, ProfileChange change) {
    InvalidInput.check(Map.of(Field.DISPLAY_NAME, change.displayName(), Field.BIO, change.bio()));
    UserEntity user = require(id);
    if (user.says(change)) {
      return user.toUser();
    }
    requireVersion(user, version);
    user.change(change, clock.instant());
    return changed(flush(user, version));
  }

  /**
   * Gives a user another handle; the old one is free at once.
   *
   * @param version the version that the change was made to
   * @throws InvalidInput if the handle breaks its rule
   * @throws HandleTaken if another user has the handle
   * @throws EditConflict if the profile has another version by now
   * @throws NoSuchUser if the user does not exist
   */
  @Transactional
  public HandleChange changeHandle(long id, int version, String handle) {
    String wanted = handle.strip();
    InvalidInput.check(Map.of(Field.HANDLE, wanted));
    UserEntity user = require(id);
    String oldHandle = user.handle();
    if (oldHandle.equals(wanted)) {
      return new HandleChange(oldHandle, user.toUser());
    }
    requireVersion(user, version);
    user.rename(wanted, clock.instant());
    return new HandleChange(oldHandle, changed(flush(user, version)));
  }

  /**
   * Deletes a user and returns who that was; {@link UserDeleted} tells of it.
   *
   * @throws NoSuchUser if the user does not exist
   */
  @Transactional
  public User delete(long id) {
    UserEntity user = repository.findForDeletion(id).orElseThrow(() -> new NoSuchUser(id));
    repository.delete(user);
    events.publishEvent(new UserDeleted(id));
    return user.toUser();
  }

  /** Tells the rest of the application, which is to act on it after the commit. */
  private User changed(User user) {
    events.publishEvent(new ProfileChanged(user));
    return user;
  }

  private UserEntity require(long id) {
    return repository.findById(id).orElseThrow(() -> new NoSuchUser(id));
  }

  private static void requireVersion(UserEntity user, int version) {
    if (user.version() != version) {
      throw new EditConflict(user.toUser(), version);
    }
  }

  private User store(UserEntity user) {
    try {
      return repository.saveAndFlush(user).toUser();
    } catch (DataIntegrityViolationException violation) {
      throw TakenNames.translate(violation, user.handle());
    }
  }

  /** Writes the changed user, unless another transaction has changed or deleted them meanwhile. */
  private User flush(UserEntity user, int version) {
    try {
      return store(user);
    } catch (OptimisticLockingFailureException overtaken) {
      entities.clear();
      throw new EditConflict(require(user.id()).toUser(), version);
    }
  }
}
