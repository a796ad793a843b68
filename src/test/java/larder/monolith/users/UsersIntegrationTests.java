package larder.monolith.users;

import static larder.monolith.People.handle;
import static larder.monolith.People.person;
import static larder.monolith.People.somebody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import larder.dev.servers.TestServers;
import larder.monolith.MonolithTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The users on a real database and a real Redis. */
@MonolithTest
class UsersIntegrationTests {

  @Autowired Users users;
  @Autowired Credentials credentials;
  @Autowired JdbcClient database;

  @Test
  void signedUpUserIsFoundByIdAndByHandleInAnySpelling() {
    String handle = handle();
    User user = users.signUp(person(handle));

    assertThat(users.find(user.id())).contains(user);
    assertThat(users.findByHandle(handle.toUpperCase(Locale.ROOT))).contains(user);
  }

  @Test
  void severalAreFoundInTheOrderOfTheirIdsAndShareTheEntriesOfOne() {
    User ada = users.signUp(somebody());
    User bob = users.signUp(somebody());
    long nobody = bob.id() + 1_000_000;
    List<Long> ids = List.of(bob.id(), nobody, ada.id());
    assertThat(users.findAll(ids).values()).containsExactly(bob, ada);
    assertThat(users.findAll(ids)).hasSize(2);

    User changed =
        users.updateProfile(ada.id(), ada.version(), new ProfileChange("Another", "name"));
    assertThat(users.findAll(ids).values()).containsExactly(bob, changed);
    assertThat(users.find(ada.id())).contains(changed);
    users.delete(bob.id());
    assertThat(users.findAll(ids).keySet()).containsExactly(ada.id());
  }

  @Test
  void profileOfTheCacheEqualsTheProfileOfTheDatabase() {
    User user = users.signUp(somebody());
    TestServers.redis().flush();

    assertThat(users.find(user.id())).contains(user);
  }

  @Test
  void nobodyIsForgottenWhenSomebodySignsUp() {
    String handle = handle();
    assertThat(users.findByHandle(handle)).isEmpty();

    User user = users.signUp(person(handle));

    assertThat(users.findByHandle(handle)).contains(user);
  }

  @Test
  void signUpChangesTheListsAtOnce() {
    String handle = handle();
    assertThat(users.directory(handle, 0, 5).total()).isZero();
    users.newest(3);

    User user = users.signUp(person(handle));

    assertThat(users.directory(handle, 0, 5).users())
        .extracting(UserSummary::id)
        .containsExactly(user.id());
    assertThat(users.newest(3)).first().extracting(UserSummary::id).isEqualTo(user.id());
  }

  @Test
  void passwordIsStoredAsBcryptHashOnly() {
    String handle = handle();
    users.signUp(person(handle));

    assertThat(credentials.find(handle).orElseThrow().passwordHash()).startsWith("{bcrypt}$2");
    assertThat(credentials.find(handle + "@EXAMPLE.org")).isPresent();
    assertThat(credentials.find(handle).orElseThrow().toString()).doesNotContain("bcrypt");
  }

  @Test
  void handleTakenInAnotherSpellingIsRefused() {
    String handle = handle();
    users.signUp(person(handle));
    SignUp other =
        new SignUp(handle.toUpperCase(Locale.ROOT), "else@example.org", "Other", "long enough");

    assertThatExceptionOfType(HandleTaken.class)
        .isThrownBy(() -> users.signUp(other))
        .satisfies(taken -> assertThat(taken.problems()).containsOnlyKeys(Field.HANDLE));
  }

  @Test
  void emailTakenInAnotherSpellingIsRefused() {
    String handle = handle();
    users.signUp(person(handle));
    SignUp other =
        new SignUp(
            handle(), handle.toUpperCase(Locale.ROOT) + "@Example.ORG", "Other", "long enough");

    assertThatExceptionOfType(EmailTaken.class).isThrownBy(() -> users.signUp(other));
  }

  @Test
  void allProblemsOfASignUpAreToldAtOnce() {
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> users.signUp(new SignUp("-", "nowhere", " ", "short")))
        .satisfies(
            invalid ->
                assertThat(invalid.byKey())
                    .containsOnlyKeys("handle", "email", "displayName", "password"));
  }

  @Test
  void oneOfManyWhoTakeAHandleAtOnceGetsIt() throws Exception {
    String handle = handle();
    List<Outcome> outcomes =
        together(
            6,
            i -> users.signUp(new SignUp(handle, handle + i + "@e.org", "Racer", "long enough")));

    assertThat(outcomes).filteredOn(outcome -> outcome.failure() == null).hasSize(1);
    assertThat(outcomes)
        .filteredOn(outcome -> outcome.failure() != null)
        .allSatisfy(outcome -> assertThat(outcome.failure()).isInstanceOf(HandleTaken.class));
  }

  @Test
  void oneOfManyWhoSaveAtOnceWinsAndTheOthersGetItsText() throws Exception {
    User user = users.signUp(somebody());
    List<Outcome> outcomes =
        together(
            4,
            i -> users.updateProfile(user.id(), 0, new ProfileChange("Writer " + i, "Text " + i)));

    User saved = users.find(user.id()).orElseThrow();
    assertThat(saved.version()).isEqualTo(1);
    assertThat(outcomes).filteredOn(outcome -> saved.equals(outcome.user())).hasSize(1);
    assertThat(outcomes)
        .filteredOn(outcome -> outcome.failure() != null)
        .hasSize(3)
        .allSatisfy(
            outcome ->
                assertThat(outcome.failure())
                    .isInstanceOfSatisfying(
                        EditConflict.class,
                        conflict -> assertThat(conflict.current()).isEqualTo(saved)));
  }

  @Test
  void changedProfileIsReadAtOnceEverywhere() {
    User user = users.signUp(somebody());
    users.directory(user.handle(), 0, 5);

    User saved = users.updateProfile(user.id(), 0, new ProfileChange(" New name ", "a\r\nb"));

    assertThat(saved.displayName()).isEqualTo("New name");
    assertThat(saved.bio()).isEqualTo("a\nb");
    assertThat(users.find(user.id())).contains(saved);
    assertThat(users.findByHandle(user.handle())).contains(saved);
    assertThat(users.directory(user.handle(), 0, 5).users())
        .extracting(UserSummary::displayName)
        .containsExactly("New name");
  }

  @Test
  void changeOfAnOldVersionCarriesTheCurrentUser() {
    User user = users.signUp(somebody());
    User saved = users.updateProfile(user.id(), 0, new ProfileChange("First", ""));

    assertThatExceptionOfType(EditConflict.class)
        .isThrownBy(() -> users.updateProfile(user.id(), 0, new ProfileChange("Second", "")))
        .satisfies(conflict -> assertThat(conflict.current()).isEqualTo(saved));
    assertThat(users.find(user.id())).contains(saved);
  }

  @Test
  void sameChangeSentTwiceIsNoConflict() {
    User user = users.signUp(somebody());
    User saved = users.updateProfile(user.id(), 0, new ProfileChange("Twice", "x"));

    assertThat(users.updateProfile(user.id(), 0, new ProfileChange("Twice", "x"))).isEqualTo(saved);
  }

  @Test
  void changedHandleFreesTheOldOneAndIsFoundAtOnce() {
    User user = users.signUp(somebody());
    String wanted = handle();
    assertThat(users.findByHandle(wanted)).isEmpty();
    assertThat(users.findByHandle(user.handle())).isPresent();

    HandleChange change = users.changeHandle(user.id(), 0, wanted);

    assertThat(change.oldHandle()).isEqualTo(user.handle());
    assertThat(users.findByHandle(user.handle())).isEmpty();
    assertThat(users.findByHandle(wanted)).contains(change.user());
    assertThat(users.find(user.id())).contains(change.user());
    assertThat(users.signUp(new SignUp(user.handle(), wanted + "@free.org", "Next", "password9")))
        .isEqualTo(users.findByHandle(user.handle()).orElseThrow());
  }

  @Test
  void handleOfSomebodyElseCannotBeTakenOver() {
    User first = users.signUp(somebody());
    User second = users.signUp(somebody());

    assertThatThrownBy(() -> users.changeHandle(second.id(), 0, first.handle()))
        .isInstanceOf(HandleTaken.class);
    assertThat(users.findByHandle(second.handle())).contains(second);
  }

  @Test
  void deletedUserIsGoneFromEverywhere() {
    User user = users.signUp(somebody());
    users.directory(user.handle(), 0, 5);

    assertThat(users.delete(user.id())).isEqualTo(user);

    assertThat(users.find(user.id())).isEmpty();
    assertThat(users.findByHandle(user.handle())).isEmpty();
    assertThat(users.directory(user.handle(), 0, 5).total()).isZero();
    assertThat(users.newest(100)).extracting(UserSummary::id).doesNotContain(user.id());
    assertThatThrownBy(() -> users.delete(user.id())).isInstanceOf(NoSuchUser.class);
    assertThatThrownBy(() -> users.updateProfile(user.id(), 0, new ProfileChange("x", "")))
        .isInstanceOf(NoSuchUser.class);
  }

  @Test
  void searchTakesWildcardsLiterally() {
    User user = users.signUp(somebody());
    users.updateProfile(user.id(), 0, new ProfileChange("100% under_score!" + user.id(), ""));

    assertThat(users.directory("100% under_score!" + user.id(), 0, 5).total()).isEqualTo(1);
    assertThat(users.directory("1__% under_score!" + user.id(), 0, 5).total()).isZero();
    assertThat(users.directory("100%" + user.id(), 0, 5).total()).isZero();
  }

  @Test
  void searchFindsNamesOfAnyScriptInAnySpelling() {
    User user = users.signUp(somebody());
    users.updateProfile(user.id(), 0, new ProfileChange("ЗОРЯНА Ängström " + user.id(), ""));

    assertThat(users.directory("зоряна ÄNGSTRÖM " + user.id(), 0, 5).total()).isEqualTo(1);
  }

  @Test
  void pagesOfTheDirectoryHoldEverybodyOnceAndAreBounded() {
    String crowd = "crowd" + handle().substring("person-".length());
    IntStream.range(0, 5).forEach(i -> users.signUp(person(crowd + "-" + i)));

    List<String> handles = new ArrayList<>();
    for (int page = 0; page < 3; page++) {
      users.directory(crowd, page, 2).users().forEach(user -> handles.add(user.handle()));
    }

    assertThat(handles).hasSize(5).doesNotHaveDuplicates();
    assertThat(users.directory(crowd, 0, 2).pages()).isEqualTo(3);
    assertThat(users.directory(crowd, -1, 9_999).size()).isEqualTo(DirectoryPage.MAX_SIZE);
    assertThat(users.directory(crowd, 7, 2).users()).isEmpty();
  }

  @Test
  void neitherAddressNorHashNorPasswordReachesRedis() {
    String handle = handle();
    User user = users.signUp(person(handle));
    users.find(user.id());
    users.findByHandle(handle);
    users.directory(handle, 0, 5);

    List<String> values =
        TestServers.redis()
            .command("KEYS", "larder-monolith-tests:*")
            .lines()
            .filter(key -> TestServers.redis().command("TYPE", key).equals("string"))
            .map(key -> TestServers.redis().command("GET", key))
            .toList();

    assertThat(values).isNotEmpty().noneMatch(value -> value.contains("@example.org"));
    assertThat(values).noneMatch(value -> value.contains("bcrypt"));
  }

  @Test
  void codeAndDatabaseAgreeOnWhatIsValid() {
    Map<Field, List<String>> values =
        Map.of(
            Field.HANDLE,
            List.of(
                "ab",
                "a",
                "-ab",
                "_ab",
                "a_-",
                "9z",
                "x".repeat(30),
                "x".repeat(31),
                "a b",
                "äb",
                "ab\n",
                ""),
            Field.EMAIL,
            List.of(
                "a@b",
                "a@b@c",
                "@b",
                "a@",
                "a b@c",
                "a\t@c",
                "a".repeat(252) + "@b",
                "a".repeat(253) + "@b"),
            Field.DISPLAY_NAME,
            List.of(
                "x",
                "",
                " x",
                "x ",
                "x".repeat(60),
                "x".repeat(61),
                "😀".repeat(60),
                "😀".repeat(61)),
            Field.BIO,
            List.of("", "x".repeat(500), "x".repeat(501), "é".repeat(500), "😀".repeat(501)));

    values.forEach(
        (field, candidates) ->
            candidates.forEach(
                value ->
                    assertThat(accepts(field, value))
                        .as("%s '%s'", field, value)
                        .isEqualTo(field.problem(value).isEmpty())));
  }

  /** Whether the table takes the value; nothing is kept. */
  private boolean accepts(Field field, String value) {
    String handle = field == Field.HANDLE ? value : handle();
    String sql =
        """
        insert into users (handle, email, display_name, bio, password_hash, created_at, updated_at)
        values (:handle, :email, :name, :bio, '{noop}x', now(), now())
        """;
    try {
      database
          .sql(sql)
          .param("handle", handle)
          .param("email", field == Field.EMAIL ? value : handle() + "@rules.org")
          .param("name", field == Field.DISPLAY_NAME ? value : "Rules")
          .param("bio", field == Field.BIO ? value : "")
          .update();
      database.sql("delete from users where handle = :handle").param("handle", handle).update();
      return true;
    } catch (DataIntegrityViolationException refused) {
      return false;
    }
  }

  private record Outcome(@Nullable User user, @Nullable Exception failure) {}

  /** One of several racers. */
  private interface Racer {
    User run(int number) throws Exception;
  }

  private static List<Outcome> together(int count, Racer racer) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      CyclicBarrier start = new CyclicBarrier(count);
      List<Callable<Outcome>> racers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        racers.add(() -> outcome(start, () -> racer.run(number)));
      }
      List<Outcome> outcomes = new ArrayList<>();
      for (Future<Outcome> future : threads.invokeAll(racers)) {
        outcomes.add(future.get());
      }
      return outcomes;
    } finally {
      threads.shutdownNow();
    }
  }

  private static Outcome outcome(CyclicBarrier start, Callable<User> action) throws Exception {
    start.await();
    try {
      return new Outcome(action.call(), null);
    } catch (RuntimeException failure) {
      return new Outcome(null, failure);
    }
  }
}
