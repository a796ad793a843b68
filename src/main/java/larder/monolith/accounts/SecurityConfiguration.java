package larder.monolith.accounts;

import jakarta.servlet.DispatcherType;
import larder.limit.Limit;
import larder.limit.RateLimiter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.ForwardAuthenticationFailureHandler;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.HttpSessionCsrfTokenRepository;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.security.web.header.writers.ContentSecurityPolicyHeaderWriter;
import org.springframework.security.web.header.writers.DelegatingRequestMatcherHeaderWriter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Who may ask for what, and the headers that browsers are held to.
 *
 * <p>Reading is open; every page that is not checks its viewer itself. Writing needs a sign-in, but
 * for signing up and in. Only pages of those who are signed in have scripts, files of our own, and
 * each page is whole without them; browsers are told to run nothing else, and on pages of guests
 * nothing at all.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

  static final String FAILED = "/login/failed";

  private static final String LOGIN = "/login";

  private static final String CONTENT_POLICY =
      "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private static final String SCRIPTS = "; script-src 'self'; connect-src 'self'";

  private static final RequestMatcher ADMINISTRATION =
      PathPatternRequestMatcher.pathPattern("/admin/**");

  /** What a script asks for, which would make nothing of a page for signing in. */
  private static final RequestMatcher NOTICES = PathPatternRequestMatcher.pathPattern("/notices");

  private static final RequestMatcher SIGNED_IN = request -> isSignedIn();

  @Bean
  CsrfTokenRepository csrfTokens() {
    return new HttpSessionCsrfTokenRepository();
  }

  @Bean
  Limit signInByNetwork() {
    return SignInLimit.BY_NETWORK;
  }

  @Bean
  Limit signInByName() {
    return SignInLimit.BY_NAME;
  }

  /**
   * Sign-ins are measured. Each filter of each request would be, too, and cost a sixth of a page
   * that is kept.
   */
  @Bean
  SecurityObservationSettings securityObservations() {
    return SecurityObservationSettings.withDefaults().shouldObserveAuthorizations(false).build();
  }

  /**
   * Machines ask without a session and sign in each time; whether it is healthy anybody may ask.
   */
  @Bean
  @Order(1)
  SecurityFilterChain figures(HttpSecurity http, RateLimiter limiter) {
    return http.securityMatcher("/actuator/**")
        .authorizeHttpRequests(
            requests ->
                requests
                    .requestMatchers(HttpMethod.GET, "/actuator/health/**")
                    .permitAll()
                    .anyRequest()
                    .hasRole("ADMINISTRATOR"))
        .httpBasic(Customizer.withDefaults())
        .addFilterBefore(new BasicSignInLimit(limiter), BasicAuthenticationFilter.class)
        .sessionManagement(
            sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .csrf(CsrfConfigurer::disable)
        .build();
  }

  @Bean
  SecurityFilterChain pages(
      HttpSecurity http,
      SecurityContextRepository contexts,
      CsrfTokenRepository csrfTokens,
      RequestCache wantedPage,
      RateLimiter limiter) {
    return http.authorizeHttpRequests(SecurityConfiguration::rules)
        .formLogin(
            login ->
                login
                    .loginPage(LOGIN)
                    .failureHandler(new ForwardAuthenticationFailureHandler(FAILED)))
        .addFilterBefore(new FormSignInLimit(limiter), UsernamePasswordAuthenticationFilter.class)
        .logout(logout -> logout.logoutSuccessUrl("/login?signed-out"))
        .csrf(csrf -> csrf.csrfTokenRepository(csrfTokens))
        .requestCache(cache -> cache.requestCache(wantedPage))
        .securityContext(context -> context.securityContextRepository(contexts))
        .exceptionHandling(
            refused ->
                refused
                    .defaultAuthenticationEntryPointFor(
                        new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED), NOTICES)
                    .defaultAuthenticationEntryPointFor(
                        new LoginUrlAuthenticationEntryPoint(LOGIN), AnyRequestMatcher.INSTANCE))
        .headers(SecurityConfiguration::headers)
        .build();
  }

  private static void rules(
      AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry
          requests) {
    requests
        .dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.FORWARD)
        .permitAll()
        .requestMatchers(ADMINISTRATION)
        .hasRole("ADMINISTRATOR")
        .requestMatchers(NOTICES)
        .authenticated()
        .requestMatchers(
            "/following", "/settings", "/users/*/edit", "/users/*/edit/**", "/users/*/delete")
        .authenticated()
        .requestMatchers(HttpMethod.GET)
        .permitAll()
        .requestMatchers(HttpMethod.HEAD)
        .permitAll()
        .requestMatchers(HttpMethod.POST, "/signup", LOGIN)
        .permitAll()
        .anyRequest()
        .authenticated();
  }

  private static void headers(HeadersConfigurer<HttpSecurity> headers) {
    headers
        .addHeaderWriter(contents(SIGNED_IN, CONTENT_POLICY + SCRIPTS))
        .addHeaderWriter(contents(new NegatedRequestMatcher(SIGNED_IN), CONTENT_POLICY))
        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
        .permissionsPolicyHeader(
            permissions ->
                permissions.policy("camera=(), geolocation=(), microphone=(), payment=()"))
        .crossOriginOpenerPolicy(Customizer.withDefaults());
  }

  private static boolean isSignedIn() {
    Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
    return authentication != null && !(authentication instanceof AnonymousAuthenticationToken);
  }

  private static HeaderWriter contents(RequestMatcher pages, String policy) {
    return new DelegatingRequestMatcherHeaderWriter(
        pages, new ContentSecurityPolicyHeaderWriter(policy));
  }
}
