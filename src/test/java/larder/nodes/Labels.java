package larder.nodes;

import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Locale;
import java.util.Optional;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Rows with a name that no two of them have, however it is spelled. */
@Service
class Labels {

  /** A row. */
  @Entity(name = "Label")
  @Table(name = "label")
  static class Label {

    @Id private long id;
    private String name = "";
    private String note = "";

    protected Label() {}

    Label(long id, String name) {
      this.id = id;
      this.name = name;
    }

    void rename(String wanted) {
      if (name.equals(wanted)) {
        throw new IllegalArgumentException("A name must be another, was: " + wanted);
      }
      name = wanted;
    }
  }

  private final EntityManager entities;
  private final Hooks hooks;

  Labels(EntityManager entities, Hooks hooks) {
    this.entities = entities;
    this.hooks = hooks;
  }

  /** Returns whose name it is, and what is noted of it. */
  @Cacheable(cacheNames = "labels", key = "#name.toLowerCase(T(java.util.Locale).ROOT)")
  Optional<String> named(String name) {
    hooks.read("label " + name.toLowerCase(Locale.ROOT));
    return entities
        .createQuery("select l from Label l where lower(l.name) = lower(:name)", Label.class)
        .setParameter("name", name)
        .getResultList()
        .stream()
        .map(label -> label.id + " " + label.note)
        .findFirst();
  }

  @Transactional
  void add(long id, String name) {
    entities.persist(new Label(id, name));
  }

  @Transactional
  void rename(long id, String name) {
    entities.find(Label.class, id).rename(name);
  }

  /** Returns whom this transaction finds by the name that it has just given. */
  @Transactional
  Optional<String> renameAndFind(long id, String name, Labels proxy) {
    entities.find(Label.class, id).rename(name);
    entities.flush();
    return proxy.named(name);
  }

  /** Returns whom a transaction finds by a name that has written a row. */
  @Transactional
  Optional<String> noteAndFind(long id, String note, String name, Labels proxy) {
    entities.find(Label.class, id).note = note;
    entities.flush();
    return proxy.named(name);
  }

  @Transactional
  void note(long id, String note) {
    entities.find(Label.class, id).note = note;
  }
}
