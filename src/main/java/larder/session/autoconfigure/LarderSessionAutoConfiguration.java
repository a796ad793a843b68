package larder.session.autoconfigure;

import jakarta.servlet.DispatcherType;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.redis.autoconfigure.LarderRedisAutoConfiguration;
import larder.session.AttributeForm;
import larder.session.SessionRegister;
import larder.session.SessionStatistics;
import larder.session.Sessions;
import larder.session.StoredSession;
import larder.session.StoredSessions;
import larder.session.metrics.SessionMetrics;
import larder.session.web.FlashMapForm;
import larder.session.web.SessionsAwayFilter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.IndexResolver;
import org.springframework.session.PrincipalNameIndexResolver;
import org.springframework.session.Session;
import org.springframework.session.SessionIdGenerator;
import org.springframework.session.UuidSessionIdGenerator;
import org.springframework.session.web.http.CookieHttpSessionIdResolver;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.HttpSessionIdResolver;
import org.springframework.session.web.http.SessionRepositoryFilter;

/**
 * Web sessions in Redis, where {@code spring-session-core} is on the class path. Another repository
 * of sessions wins.
 *
 * <p>Timeout and cookie are those of {@code server.servlet.session}.
 */
@AutoConfiguration(
    after = LarderRedisAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.session.data.redis.autoconfigure.SessionDataRedisAutoConfiguration",
      "org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration"
    })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(
    name = {
      "org.springframework.session.web.http.SessionRepositoryFilter",
      "org.springframework.boot.web.server.autoconfigure.ServerProperties",
      "org.springframework.boot.web.servlet.FilterRegistrationBean",
      "org.springframework.web.filter.OncePerRequestFilter"
    })
@ConditionalOnBean(RedisCalls.class)
@ConditionalOnMissingBean(type = "org.springframework.session.SessionRepository")
@EnableConfigurationProperties(ServerProperties.class)
public final class LarderSessionAutoConfiguration {

  private static final Set<DispatcherType> DISPATCHES =
      EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);

  @Bean
  SessionStatistics larderSessionStatistics() {
    return new SessionStatistics();
  }

  @Bean
  Sessions larderSessions(
      RedisCalls calls,
      Keyspace keyspace,
      ServerProperties server,
      ObjectProvider<AttributeForm<?, ?>> forms,
      ObjectProvider<IndexResolver<Session>> owners,
      ObjectProvider<SessionIdGenerator> ids,
      SessionStatistics statistics) {
    Duration timeout = server.getServlet().getSession().getTimeout();
    return Sessions.in(
        calls,
        keyspace,
        timeout == null ? Duration.ZERO : timeout,
        forms.stream().toList(),
        owners.getIfAvailable(PrincipalNameIndexResolver::new),
        ids.getIfAvailable(UuidSessionIdGenerator::getInstance),
        statistics);
  }

  @Bean
  StoredSessions larderSessionRepository(Sessions sessions) {
    return sessions.repository();
  }

  @Bean
  SessionRegister larderSessionRegister(Sessions sessions) {
    return sessions.register();
  }

  @Bean
  SessionRepositoryFilter<StoredSession> springSessionRepositoryFilter(
      StoredSessions repository,
      ServerProperties server,
      ObjectProvider<CookieSerializer> cookies,
      ObjectProvider<HttpSessionIdResolver> resolver) {
    SessionRepositoryFilter<StoredSession> filter = new SessionRepositoryFilter<>(repository);
    filter.setHttpSessionIdResolver(
        resolver.getIfAvailable(
            () -> {
              CookieHttpSessionIdResolver byCookie = new CookieHttpSessionIdResolver();
              byCookie.setCookieSerializer(
                  cookies.getIfAvailable(
                      () -> SessionCookie.of(server.getServlet().getSession().getCookie())));
              return byCookie;
            }));
    return filter;
  }

  /** The filter and what it needs is made after the web server, as Boot does it. */
  @Bean
  DelegatingFilterProxyRegistrationBean larderSessionFilter() {
    DelegatingFilterProxyRegistrationBean registration =
        new DelegatingFilterProxyRegistrationBean("springSessionRepositoryFilter");
    registration.setDispatcherTypes(EnumSet.copyOf(DISPATCHES));
    registration.setOrder(SessionRepositoryFilter.DEFAULT_ORDER);
    return registration;
  }

  @Bean
  FilterRegistrationBean<SessionsAwayFilter> larderSessionsAway(SessionStatistics statistics) {
    FilterRegistrationBean<SessionsAwayFilter> registration =
        new FilterRegistrationBean<>(new SessionsAwayFilter(statistics));
    registration.setDispatcherTypes(EnumSet.copyOf(DISPATCHES));
    registration.setOrder(SessionRepositoryFilter.DEFAULT_ORDER - 1);
    return registration;
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.web.servlet.FlashMap")
  static class FlashMaps {

    @Bean
    AttributeForm<?, ?> larderFlashMapForm() {
      return FlashMapForm.create();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
  static class Metrics {

    @Bean
    SessionMetrics larderSessionMetrics(SessionStatistics statistics) {
      return new SessionMetrics(statistics);
    }
  }
}
