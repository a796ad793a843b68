package larder.monolith.profiles;

import larder.monolith.accounts.Viewer;
import larder.monolith.users.User;
import larder.monolith.users.Users;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/** The users that a viewer may change; others are refused, and nobody is not found. */
@Component
class Editable {

  private final Users users;

  Editable(Users users) {
    this.users = users;
  }

  User byHandle(String handle, Viewer viewer) {
    return checked(users.findByHandle(handle).orElseThrow(Editable::missing), viewer);
  }

  User byId(long id, Viewer viewer) {
    return checked(users.find(id).orElseThrow(Editable::missing), viewer);
  }

  private static User checked(User user, Viewer viewer) {
    if (!viewer.mayEdit(user.id())) {
      throw new AccessDeniedException(
          "User %d may not change user %d; only users themselves and administrators may"
              .formatted(viewer.user().id(), user.id()));
    }
    return user;
  }

  private static ResponseStatusException missing() {
    return new ResponseStatusException(HttpStatus.NOT_FOUND);
  }
}
