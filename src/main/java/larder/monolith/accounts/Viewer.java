package larder.monolith.accounts;

import larder.monolith.users.User;

/**
 * The signed-in person who looks at a page.
 *
 * @param user their profile as it is now
 * @param administrator whether they may edit everybody
 */
public record Viewer(User user, boolean administrator) {

  /** Whether this is the user with the id. */
  public boolean is(long id) {
    return user.id() == id;
  }

  /** Whether the viewer may change the user with the id: themselves, or anybody. */
  public boolean mayEdit(long id) {
    return administrator || is(id);
  }
}
