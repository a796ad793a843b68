package larder.monolith.users;

import java.util.List;

/**
 * One page of the directory.
 *
 * @param users the users on this page; empty when nobody matches or the page lies past the end
 * @param query the text searched for; empty for everybody
 * @param page the number of this page, counted from 0
 * @param size how many users a full page holds
 * @param total how many users match on all pages
 */
public record DirectoryPage(List<UserSummary> users, String query, int page, int size, long total) {

  /** The most users that a page may hold. */
  public static final int MAX_SIZE = 100;

  /** The most characters of a search that count. */
  public static final int MAX_QUERY = 60;

  /** The last page that can be asked for; nobody leafs so far, and offsets stay cheap. */
  public static final int MAX_PAGE = 9_999;

  public DirectoryPage {
    users = List.copyOf(users);
  }

  /** Returns the number of pages, at least 1. */
  public int pages() {
    return (int) Math.max(1, (total + size - 1) / size);
  }

  /** Whether a page precedes this one. */
  public boolean hasPrevious() {
    return page > 0;
  }

  /** Whether a page follows this one. */
  public boolean hasNext() {
    return page + 1 < pages();
  }

  /** Returns the place of the first user of this page among all that match, counted from 1. */
  public long from() {
    return (long) page * size + 1;
  }

  /** Returns the place of the last user of this page among all that match, counted from 1. */
  public long to() {
    return (long) page * size + users.size();
  }
}
