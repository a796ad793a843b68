package larder.benchmarks.pages;

import larder.monolith.users.EditConflict;
import larder.monolith.users.ProfileChange;
import larder.monolith.users.User;
import larder.monolith.users.Users;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Changes of profiles as the form makes them, without the signing in. */
@RestController
final class Changes {

  static final String PATH = "/benchmarks/changes/";
  static final String ANSWER = "changed";

  private final Users users;

  Changes(Users users) {
    this.users = users;
  }

  @GetMapping(PATH + "{handle}")
  ResponseEntity<String> change(@PathVariable String handle) {
    User user = users.findByHandle(handle).orElseThrow();
    try {
      ProfileChange change = new ProfileChange(user.displayName(), "Changed " + System.nanoTime());
      users.updateProfile(user.id(), user.version(), change);
    } catch (EditConflict overtaken) {
      // A change all the same, somebody else's.
    }
    return ResponseEntity.ok().header(HttpHeaders.CACHE_CONTROL, "no-store").body(ANSWER);
  }
}
