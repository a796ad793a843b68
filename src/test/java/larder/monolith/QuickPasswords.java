package larder.monolith;

import java.util.Map;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.NoOpPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Has the monolith hash with bcrypt's least cost: what tests sign in with is no secret. */
final class QuickPasswords implements BeanPostProcessor {

  private static final int LEAST_COST = 4;

  @Override
  @SuppressWarnings("deprecation") // {noop} is what tests write into the table by hand
  public Object postProcessAfterInitialization(Object bean, String name) {
    return bean instanceof PasswordEncoder
        ? new DelegatingPasswordEncoder(
            "bcrypt",
            Map.of(
                "bcrypt",
                new BCryptPasswordEncoder(LEAST_COST),
                "noop",
                NoOpPasswordEncoder.getInstance()))
        : bean;
  }
}
