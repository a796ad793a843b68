package larder.monolith.profiles;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import larder.monolith.users.NoSuchUser;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/** The answer to a change of a user who was deleted meanwhile: not found. */
@ControllerAdvice
class GoneUsers {

  @ExceptionHandler(NoSuchUser.class)
  void answer(HttpServletResponse response) throws IOException {
    response.sendError(HttpStatus.NOT_FOUND.value());
  }
}
