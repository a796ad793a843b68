package larder.monolith.users;

import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The private half of users, always read from the database. */
@Service
@Transactional(readOnly = true)
public class Credentials {

  private final UserRepository repository;

  Credentials(UserRepository repository) {
    this.repository = repository;
  }

  /** Returns the credential of the user with this handle or e-mail address, in any spelling. */
  public Optional<Credential> find(String handleOrEmail) {
    String login = handleOrEmail.strip();
    if (Field.HANDLE.problem(login).isEmpty()) {
      return repository.findByHandle(login).map(UserEntity::toCredential);
    }
    if (Field.EMAIL.problem(login).isEmpty()) {
      return repository.findByEmail(login).map(UserEntity::toCredential);
    }
    return Optional.empty();
  }

  /** Returns the e-mail address of the user, to be shown to nobody else. */
  public Optional<String> email(long id) {
    return repository.findById(id).map(UserEntity::email);
  }
}
