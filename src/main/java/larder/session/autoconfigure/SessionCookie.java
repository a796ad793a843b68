package larder.session.autoconfigure;

import java.time.Duration;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.web.server.Cookie;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;

/** The cookie of sessions, as {@code server.servlet.session.cookie} describes it. */
final class SessionCookie {

  private SessionCookie() {}

  /** What is not set is as Spring Session has it: http-only, same-site lax, secure by https. */
  static CookieSerializer of(Cookie cookie) {
    DefaultCookieSerializer serializer = new DefaultCookieSerializer();
    PropertyMapper map = PropertyMapper.get();
    map.from(cookie::getName).to(serializer::setCookieName);
    map.from(cookie::getDomain).to(serializer::setDomainName);
    map.from(cookie::getPath).to(serializer::setCookiePath);
    map.from(cookie::getHttpOnly).to(serializer::setUseHttpOnlyCookie);
    map.from(cookie::getSecure).to(serializer::setUseSecureCookie);
    map.from(cookie::getMaxAge).asInt(Duration::getSeconds).to(serializer::setCookieMaxAge);
    map.from(cookie::getSameSite).as(Cookie.SameSite::attributeValue).to(serializer::setSameSite);
    map.from(cookie::getPartitioned).to(serializer::setPartitioned);
    return serializer;
  }
}
