package larder.history.node;

/** The ways of reading stamps; each goes through a cached method. */
public enum ReadKind {
  /** One row by its id. */
  BY_ID,
  /** One row by its id, the method in a read-only transaction of its own. */
  BY_ID_IN_TRANSACTION,
  /** One row by its id, the second read of a REPEATABLE READ transaction. */
  IN_SNAPSHOT,
  /** A query's list of rows of the first table. */
  LIST,
  /** A query's list of rows of the second table. */
  OTHER_LIST,
  /** A query's list of rows of the second table, within a read-only transaction. */
  OTHER_LIST_IN_TRANSACTION
}
