package larder.monolith.users;

import java.util.Map;

/** A handle that another user has, in whatever spelling. */
public final class HandleTaken extends InvalidInput {

  HandleTaken(String handle) {
    super(Map.of(Field.HANDLE, "The handle " + handle + " is taken; choose another."));
  }
}
