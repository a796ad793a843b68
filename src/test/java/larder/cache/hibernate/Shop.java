package larder.cache.hibernate;

import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OneToOne;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JavaType;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.OnDelete;
import org.hibernate.annotations.OnDeleteAction;
import org.hibernate.annotations.SQLRestriction;
import org.hibernate.annotations.Subselect;
import org.hibernate.type.SqlTypes;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.type.descriptor.java.AbstractClassJavaType;
import org.jspecify.annotations.Nullable;

/** Entities of every shape that makes a difference to tracking. */
final class Shop {

  private Shop() {}

  /** The plainest entity, with an owner fetched lazily. */
  @Entity(name = "Product")
  @Table(name = "product")
  static class Product {
    @Id @Nullable Long id;
    @Nullable String name;

    @ManyToOne(fetch = FetchType.LAZY)
    @Nullable Maker maker;

    @ElementCollection Set<String> labels = new HashSet<>();
    @Version int version;

    Product() {}

    Product(long id, String name, @Nullable Maker maker) {
      this.id = id;
      this.name = name;
      this.maker = maker;
    }
  }

  @Entity(name = "Maker")
  @Table(name = "maker")
  static class Maker {
    @Id @Nullable Integer id;
    @Nullable String name;

    @OneToMany(mappedBy = "maker", orphanRemoval = true)
    List<Product> products = new ArrayList<>();

    Maker() {}

    Maker(int id, String name) {
      this.id = id;
      this.name = name;
    }
  }

  /** Fetches its maker along and shows its inverse passport. */
  @Entity(name = "Offer")
  @Table(name = "offer")
  static class Offer {
    @Id @Nullable UUID id;

    @ManyToOne(fetch = FetchType.EAGER)
    @Nullable Maker maker;

    Offer() {}

    Offer(UUID id, @Nullable Maker maker) {
      this.id = id;
      this.maker = maker;
    }
  }

  @Entity(name = "Person")
  @Table(name = "person")
  static class Person {
    @Id @Nullable String id;

    @OneToOne(mappedBy = "person")
    @Nullable Passport passport;

    Person() {}

    Person(String id) {
      this.id = id;
    }
  }

  @Entity(name = "Passport")
  @Table(name = "passport")
  static class Passport {
    @Id @Nullable Long id;

    @OneToOne(fetch = FetchType.LAZY)
    @Nullable Person person;

    Passport() {}

    Passport(long id, Person person) {
      this.id = id;
      this.person = person;
    }
  }

  @Entity(name = "Team")
  @Table(name = "team")
  static class Team {
    @Id @Nullable Long id;

    @ManyToMany(fetch = FetchType.EAGER)
    Set<Person> members = new HashSet<>();

    Team() {}

    Team(long id) {
      this.id = id;
    }
  }

  /** The root of a hierarchy with a table for each class. */
  @Entity(name = "Animal")
  @Table(name = "animal")
  @Inheritance(strategy = InheritanceType.JOINED)
  static class Animal {
    @Id @Nullable Long id;
    @Nullable String name;
  }

  @Entity(name = "Dog")
  @Table(name = "dog")
  static class Dog extends Animal {
    @Nullable String trick;

    Dog() {}

    Dog(long id, String trick) {
      this.id = id;
      this.trick = trick;
    }
  }

  @Entity(name = "Vehicle")
  @Inheritance(strategy = InheritanceType.TABLE_PER_CLASS)
  @Table(name = "vehicle")
  static class Vehicle {
    @Id @Nullable Long id;
  }

  @Entity(name = "Car")
  @Table(name = "car")
  static class Car extends Vehicle {
    Car() {}

    Car(long id) {
      this.id = id;
    }
  }

  @Entity(name = "Account")
  @Table(name = "account")
  @SecondaryTable(name = "account_detail")
  static class Account {
    @Id @Nullable Long id;

    @Column(table = "account_detail")
    @Nullable String detail;

    Account() {}

    Account(long id, String detail) {
      this.id = id;
      this.detail = detail;
    }
  }

  @Entity(name = "Priced")
  @Table(name = "priced")
  static class Priced {
    @Id @Nullable Long id;
    int cents;

    @Formula("(select count(*) from product p where p.id > cents)")
    int dearer;

    Priced() {}

    Priced(long id) {
      this.id = id;
    }
  }

  @Entity(name = "Guessed")
  @Table(name = "guessed")
  static class Guessed {
    @Id @Nullable Long id;

    @Formula("coalesce(my_own_function(id), 0)")
    int guess;
  }

  @Entity(name = "Article")
  @Table(name = "article")
  @SQLRestriction("hidden = false")
  static class Article {
    @Id @Nullable Long id;
    boolean hidden;

    Article() {}

    Article(long id) {
      this.id = id;
    }
  }

  /** Shares its table with an entity that goes by another id. */
  @Entity(name = "Crate")
  @Table(name = "crate")
  static class Crate {
    @Id @Nullable Long id;
    @Nullable String code;
  }

  @Entity(name = "CodedCrate")
  @Table(name = "crate")
  static class CodedCrate {
    @Id @Nullable String code;
    @Nullable Long id;
    int weight;
  }

  /** Shares its table, and its id, with an entity that depends on more than its row. */
  @Entity(name = "Pallet")
  @Table(name = "pallet")
  static class Pallet {
    @Id @Nullable Long id;
    @Nullable String name;
  }

  @Entity(name = "CountedPallet")
  @Table(name = "pallet")
  static class CountedPallet {
    @Id @Nullable Long id;

    @Formula("(select count(*) from maker)")
    int makers;
  }

  @Embeddable
  record LineId(long orderId, int line) implements Serializable {}

  @Entity(name = "OrderLine")
  @Table(name = "order_line")
  static class OrderLine {
    @EmbeddedId @Nullable LineId id;
    int pieces;

    OrderLine() {}

    OrderLine(LineId id) {
      this.id = id;
    }
  }

  /** Keeps text in lower case, whatever the application calls it. */
  static class LowerCaseJavaType extends AbstractClassJavaType<String> {
    LowerCaseJavaType() {
      super(String.class);
    }

    @Override
    public <X> X unwrap(String value, Class<X> type, WrapperOptions options) {
      return type.cast(value.toLowerCase(Locale.ROOT));
    }

    @Override
    public <X> String wrap(X value, WrapperOptions options) {
      return value.toString();
    }
  }

  @Entity(name = "Coupon")
  @Table(name = "coupon")
  static class Coupon {
    @Id
    @JavaType(LowerCaseJavaType.class)
    @JdbcTypeCode(SqlTypes.VARCHAR)
    @Nullable String code;

    Coupon() {}

    Coupon(String code) {
      this.code = code;
    }
  }

  @Entity(name = "Remark")
  @Table(name = "remark")
  static class Remark {
    @Id @Nullable Long id;

    @ManyToOne(fetch = FetchType.LAZY)
    @OnDelete(action = OnDeleteAction.CASCADE)
    @JoinColumn(name = "product_id")
    @Nullable Product product;

    Remark() {}

    Remark(long id, Product product) {
      this.id = id;
      this.product = product;
    }
  }

  @Entity(name = "ProductNames")
  @Immutable
  @Subselect("select id, name from product")
  static class ProductNames {
    @Id @Nullable Long id;
    @Nullable String name;
  }

  @Entity(name = "ProductView")
  @Immutable
  @Table(name = "product_view")
  static class ProductView {
    @Id @Nullable Long id;
    @Nullable String name;
  }

  /** Has unique keys of every kind, by indexes that {@link LoadByKeyIntegrationTests} makes. */
  @Entity(name = "Member")
  @Table(name = "member")
  static class Member {
    @Id @Nullable Long id;
    @Nullable String handle;
    @Nullable String code;
    @Nullable String tenant;
    @Nullable String sometimes;
    @Nullable String nickname;
    @Nullable BigDecimal size;
    boolean gone;

    @Column(insertable = false, updatable = false)
    @Nullable String derived;

    @Version int version;

    Member() {}

    Member(long id, String name) {
      this.id = id;
      handle = name;
      code = name;
      tenant = "here";
      sometimes = name;
      nickname = name;
      size = BigDecimal.ONE;
    }
  }
}
