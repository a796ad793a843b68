package larder.history.node;

/** A row as it was read. */
public record Stamped(int id, long stamp) {}
