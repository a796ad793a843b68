package larder.monolith.views;

import java.util.Map;

/**
 * Somebody has looked at profiles within the last moment.
 *
 * @param looks how often, at least once, by the user whose profile it is
 */
public record ProfilesViewed(Map<Long, Integer> looks) {

  /** Copies the map. */
  public ProfilesViewed {
    looks = Map.copyOf(looks);
  }
}
