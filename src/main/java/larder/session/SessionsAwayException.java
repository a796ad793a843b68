package larder.session;

/** Says that something needs a session, and that sessions cannot be written at this moment. */
public final class SessionsAwayException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SessionsAwayException(String what) {
    super("Sessions cannot be written at this moment, so nobody can " + what);
  }
}
