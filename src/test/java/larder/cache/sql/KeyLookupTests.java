package larder.cache.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyLookupTests {

  private static final String USERS = "select u.id,u.handle,u.bio from users u where ";

  private static Set<String> given(String conditions) {
    KeyLookup lookup = Objects.requireNonNull(KeyLookup.of(USERS + conditions), conditions);
    assertThat(lookup.table()).isEqualTo("users");
    return lookup.given();
  }

  @Test
  void columnsAndWhatFoldsThemAreGiven() {
    assertThat(given("u.handle=?")).containsExactly("handle");
    assertThat(given("lower(u.handle)=lower(?)")).containsExactly("lower(handle)");
    assertThat(given("upper(u.handle)=upper(?)")).containsExactly("upper(handle)");
    assertThat(given("u.tenant=? and u.code=?")).containsExactlyInAnyOrder("tenant", "code");
    assertThat(given("u.handle='a text and u.b=?' and u.c is null")).containsExactly("handle");
  }

  @Test
  void conditionsOfTheRowItselfNarrow() {
    assertThat(
            given(
                "u.handle=? and u.gone is null and u.kind in (?,'b') and u.age>=18 and u.active"
                    + " and not u.hidden"))
        .containsExactly("handle");
    assertThat(given("u.handle=? order by u.id fetch first ? rows only")).containsExactly("handle");
    assertThat(given("u.handle=? limit 1")).containsExactly("handle");
  }

  @Test
  void tableKeepsItsName() {
    KeyLookup lookup =
        KeyLookup.of("/* by handle */ select distinct u.id from my.users u where u.a=?");
    assertThat(lookup).isEqualTo(new KeyLookup("my.users", Set.of("a")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        USERS + "u.handle=? or u.email=?",
        USERS + "(u.handle=?)",
        USERS + "not(u.handle=?)",
        USERS + "u.handle<>?",
        USERS + "u.handle like ?",
        USERS + "u.handle between ? and ?",
        USERS + "u.handle in (?)",
        USERS + "lower(u.handle)=?",
        USERS + "lower(u.handle)=upper(?)",
        USERS + "my_own(u.handle)=my_own(?)",
        USERS + "u.handle=other.handle",
        USERS + "u.handle=? and other.handle=?",
        USERS + "u.handle=? and u.since>now()",
        USERS + "u.handle=? and exists (select 1 from bans b where b.id=u.id)",
        USERS + "u.handle=(select max(handle) from users)",
        USERS + "u.handle=? offset 1 rows",
        USERS + "u.handle=? for update",
        USERS + "u.handle=? union select u.id,u.handle,u.bio from users u where u.id=?",
        USERS + "u.handle=? collate \"C\"",
        USERS + "u.age=? group by u.id",
        "select u.id from users u except select v.id from users v where v.handle=?",
        "select u.id from users u except select u.id from users u where u.handle=?",
        "select u.id from users u",
        "select u.id from users u,teams t where u.handle=?",
        "select u.id from users u join teams t on t.id=u.team where u.handle=?",
        "select t.id from users u join teams t on t.id=u.team where t.name=?",
        "select count(u.id) from users u where u.handle=?",
        "select u.id,(select 1) from users u where u.handle=?",
        "select u.\"id\" from users u where u.\"Handle\"=?",
        "with u as (select 1) select u.id from u u where u.handle=?",
        "select u.id from users u where u.handle=?; delete from users",
        "delete from users where handle=?",
      })
  void everythingElseIsAnotherQuery(String sql) {
    assertThat(KeyLookup.of(sql)).isNull();
  }
}
