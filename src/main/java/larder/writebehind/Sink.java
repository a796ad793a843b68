package larder.writebehind;

import java.util.List;

/** The annotated method itself, past the advice that keeps its calls. */
@FunctionalInterface
public interface Sink {

  /** Writes elements, in this order, in the transaction of the thread. Throws what it throws. */
  void apply(List<?> elements);
}
