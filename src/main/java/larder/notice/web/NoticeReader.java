package larder.notice.web;

import java.util.Set;
import larder.notice.Notice;

/** What one page hears: its topics, and what it shows of a notice. */
public interface NoticeReader {

  /** Returns the topics to listen to, now. */
  Set<String> topics();

  /**
   * Returns what becomes of a notice. Called by one thread at a time, in the order of notices; it
   * may ask caches and the database. One that throws is passed over.
   */
  NoticeAnswer read(Notice notice);
}
