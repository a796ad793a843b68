package larder.cache.transaction;

import larder.cache.log.Tags;
import larder.cache.log.TransactionId;

/** The calls of annotated methods that a thread is answering, told what comes of transactions. */
@FunctionalInterface
public interface SurroundingCalls {

  /**
   * A part of a transaction that may have written ended otherwise than by a known commit, so that
   * nobody else may ever see what was read in it.
   */
  void unseen();

  /**
   * A transaction is committed, and its record is about to be sent.
   *
   * @param named what the record names
   */
  default void committed(TransactionId transaction, Tags named) {}
}
