package larder.monolith.profiles;

import org.springframework.stereotype.Component;

/** The round pictures of users: an initial on one of eight colours. */
@Component("faces")
public class Faces {

  private static final int COLOURS = 8;

  /** Returns the first character of the name, as a capital. */
  public String initial(String name) {
    int first = Character.toUpperCase(name.codePointAt(0));
    return Character.toString(first);
  }

  /** Returns the style class with the colour of the user. */
  public String colour(long id) {
    return "face-" + Math.floorMod(id, COLOURS);
  }
}
