package larder.cache.autoconfigure;

import larder.cache.manager.LarderCacheManager;
import larder.cache.method.MethodTracking;
import larder.cache.metrics.PageMetrics;
import larder.cache.page.GuestRule;
import larder.cache.page.PageCounts;
import larder.cache.page.PageFilter;
import larder.cache.page.PageProperties;
import larder.cache.page.Pages;
import larder.cache.policy.DeclaredPolicies;
import larder.cache.transaction.CacheTransactions;
import larder.cache.value.ValueTypes;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Pages that are kept whole, for an application with Spring MVC. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(
    name = {
      "jakarta.servlet.Filter",
      "org.springframework.boot.web.servlet.FilterRegistrationBean",
      "org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping"
    })
@ConditionalOnProperty(name = "larder.pages.enabled", matchIfMissing = true)
@EnableConfigurationProperties(PageProperties.class)
class PageConfiguration {

  /** Behind Spring Security, whose filters stand at -100. */
  private static final int ORDER = 100;

  @Bean
  Pages larderPages(
      ObjectProvider<RequestMappingHandlerMapping> mappings,
      DeclaredPolicies policies,
      LarderCacheManager caches,
      ValueTypes types) {
    return new Pages(mappings::orderedStream, policies, caches, types);
  }

  @Bean
  PageCounts larderPageCounts() {
    return new PageCounts();
  }

  @Bean
  FilterRegistrationBean<PageFilter> larderPageFilter(
      Pages pages,
      PageProperties settings,
      CacheTransactions transactions,
      MethodTracking tracking,
      ObjectProvider<GuestRule> guests,
      PageCounts counts) {
    FilterRegistrationBean<PageFilter> registration =
        new FilterRegistrationBean<>(
            new PageFilter(
                pages, settings, transactions, tracking, guests.orderedStream().toList(), counts));
    registration.setOrder(ORDER);
    return registration;
  }

  /** Their meters, for an application that has Micrometer. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
  static class Meters {

    @Bean
    PageMetrics larderPageMetrics(PageCounts counts) {
      return new PageMetrics(counts);
    }
  }
}
