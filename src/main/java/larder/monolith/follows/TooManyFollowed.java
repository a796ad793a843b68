package larder.monolith.follows;

/** A follow by somebody who follows as many as one may. */
public final class TooManyFollowed extends RuntimeException {

  TooManyFollowed() {
    super("One may follow %d people; unfollow somebody first".formatted(Follows.MOST));
  }
}
