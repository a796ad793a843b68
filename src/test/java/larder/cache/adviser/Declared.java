package larder.cache.adviser;

import java.util.Map;
import larder.cache.LarderProperties;
import larder.cache.method.AnnotatedMethods;
import larder.cache.policy.DeclaredPolicies;
import larder.cache.policy.PolicyCatalog;
import larder.cache.policy.RaisedVersions;
import larder.cache.value.FieldMapper;
import larder.cache.value.ValueTypes;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;

/** Beans and settings as an application would have them, without a context. */
final class Declared {

  final AnnotatedMethods methods;
  final PolicyCatalog policies;

  Declared(Map<String, String> settings, Object... beans) {
    DeclaredPolicies declared = new DeclaredPolicies();
    methods =
        new AnnotatedMethods(
            new AnnotationCacheOperationSource(false),
            declared,
            new ValueTypes(FieldMapper.create().getTypeFactory()));
    for (Object bean : beans) {
      methods.postProcessBeforeInitialization(bean, "bean");
    }
    LarderProperties properties =
        new Binder(new MapConfigurationPropertySource(settings))
            .bindOrCreate("larder", LarderProperties.class);
    policies = new PolicyCatalog(properties, declared, new RaisedVersions());
  }

  Declared(Object... beans) {
    this(Map.of(), beans);
  }
}
