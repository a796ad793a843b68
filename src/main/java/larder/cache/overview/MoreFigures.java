package larder.cache.overview;

import java.util.List;

/** Whoever measures something else of this node or of a cache. Optional; asked by pages. */
public interface MoreFigures {

  /**
   * One figure.
   *
   * @param name what it is, such as {@code Outbox}
   * @param value how it stands, with its unit, such as {@code 3 rows, 12 ms}
   */
  record Figure(String name, String value) {}

  /** Returns figures of the node. Never throws, and asks nobody who may not answer. */
  default List<Figure> ofNode() {
    return List.of();
  }

  /** Returns figures of a cache, under the same conditions. */
  default List<Figure> of(String cache) {
    return List.of();
  }
}
