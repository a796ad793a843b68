package larder.nodes;

import java.io.Serializable;

/** A cached value that nobody can change. */
record Item(long id, String text) implements Serializable {}
