package larder.monolith.trending;

import larder.monolith.users.UserSummary;

/**
 * A user among those who are looked at most.
 *
 * @param rank counted from 1, without gaps
 * @param user as they are now
 * @param change how the rank has changed in an hour
 * @param places by how many; 0 unless it went up or down
 */
public record TrendingUser(int rank, UserSummary user, Change change, int places) {

  /** How a rank has changed. */
  public enum Change {
    UP,
    DOWN,
    SAME,
    /** The user was not among the first. */
    NEW,
    /** Nobody knows what was an hour ago. */
    UNKNOWN
  }

  /** Returns the change in words. */
  public String words() {
    return switch (change) {
      case UP -> "up " + counted();
      case DOWN -> "down " + counted();
      case SAME -> "as an hour ago";
      case NEW -> "new";
      case UNKNOWN -> "";
    };
  }

  private String counted() {
    return places == 1 ? "1 place" : places + " places";
  }
}
