package larder.monolith.accounts;

import larder.session.AttributeForm;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.DefaultCsrfToken;
import org.springframework.security.web.csrf.HttpSessionCsrfTokenRepository;

/** What sessions keep of Spring Security: who is signed in, and the token of their forms. */
@Configuration(proxyBeanMethods = false)
class SessionConfiguration {

  private static final String CSRF_TOKEN =
      HttpSessionCsrfTokenRepository.class.getName() + ".CSRF_TOKEN";

  /** A token as it is kept. */
  record Token(String header, String parameter, String token) {

    static Token of(CsrfToken token) {
      return new Token(token.getHeaderName(), token.getParameterName(), token.getToken());
    }

    CsrfToken csrfToken() {
      return new DefaultCsrfToken(header, parameter, token);
    }
  }

  @Bean
  AttributeForm<SecurityContext, SignedIn> signIns() {
    return new AttributeForm<>(
        HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY,
        SecurityContext.class,
        SignedIn.class,
        SignedIn::of,
        SignedIn::context);
  }

  @Bean
  AttributeForm<CsrfToken, Token> formTokens() {
    return new AttributeForm<>(
        CSRF_TOKEN, CsrfToken.class, Token.class, Token::of, Token::csrfToken);
  }
}
