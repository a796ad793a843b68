package larder.monolith.admin;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What changes on a page while somebody looks at it, by the names under which its elements ask for
 * it.
 *
 * @param texts the text of elements
 * @param paths the shapes of plots
 * @param values how far something is, from 0 to 1
 * @param parts something that is other when a part of the page has other elements
 */
record Live(
    Map<String, String> texts,
    Map<String, String> paths,
    Map<String, Double> values,
    Map<String, String> parts) {

  Live() {
    this(
        new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
  }
}
