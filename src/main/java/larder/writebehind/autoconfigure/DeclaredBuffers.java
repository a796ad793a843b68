package larder.writebehind.autoconfigure;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import larder.writebehind.Declaration;
import larder.writebehind.Sink;
import larder.writebehind.WriteBehind;
import larder.writebehind.WriteBehindBuffers;
import larder.writebehind.WriteBehindInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ReflectionUtils;

/** Finds the annotated methods of all beans, and declares their buffers. */
final class DeclaredBuffers implements SmartInitializingSingleton {

  private final ConfigurableListableBeanFactory beans;
  private final ObjectProvider<WriteBehindBuffers> buffers;
  private final WriteBehindInterceptor interceptor;

  DeclaredBuffers(
      ConfigurableListableBeanFactory beans,
      ObjectProvider<WriteBehindBuffers> buffers,
      WriteBehindInterceptor interceptor) {
    this.beans = beans;
    this.buffers = buffers;
    this.interceptor = interceptor;
  }

  @Override
  public void afterSingletonsInstantiated() {
    for (String name : beans.getBeanNamesForType(Object.class, true, false)) {
      Class<?> type = ScopedProxyUtils.isScopedTarget(name) ? null : type(name);
      if (type != null && AnnotationUtils.isCandidateClass(type, WriteBehind.class)) {
        annotated(type).forEach((method, said) -> declare(name, method, said));
      }
    }
  }

  private @Nullable Class<?> type(String name) {
    try {
      return AutoProxyUtils.determineTargetClass(beans, name);
    } catch (RuntimeException | LinkageError unknown) {
      return null;
    }
  }

  private static Map<Method, WriteBehind> annotated(Class<?> type) {
    return MethodIntrospector.selectMethods(
        type,
        (MethodIntrospector.MetadataLookup<@Nullable WriteBehind>)
            method -> AnnotatedElementUtils.findMergedAnnotation(method, WriteBehind.class));
  }

  private void declare(String bean, Method method, WriteBehind said) {
    buffers.getObject().declare(Declaration.of(method, said), sink(bean, method));
  }

  private Sink sink(String name, Method method) {
    return elements -> interceptor.passing(method, () -> call(name, method, elements));
  }

  private void call(String name, Method method, List<?> elements) {
    Object bean = beans.getBean(name);
    Method invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
    ReflectionUtils.makeAccessible(invocable);
    ReflectionUtils.invokeMethod(invocable, bean, elements);
  }
}
