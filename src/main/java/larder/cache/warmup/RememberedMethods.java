package larder.cache.warmup;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import larder.cache.method.AnnotatedMethods.AnnotatedMethod;
import larder.cache.value.Scalars;
import org.springframework.cache.interceptor.CacheableOperation;

/**
 * Tells which methods' calls can be remembered: those that are only {@code Cacheable}, answer in
 * their caller's thread, and take nothing but {@linkplain Scalars single values} and enums.
 */
final class RememberedMethods {

  private RememberedMethods() {}

  static boolean include(AnnotatedMethod annotated) {
    Method method = annotated.method();
    return annotated.operations().stream().allMatch(CacheableOperation.class::isInstance)
        && answersAtOnce(method.getReturnType())
        && takesScalars(method);
  }

  /** Whether all parameters are single values. */
  static boolean takesScalars(Method method) {
    return Arrays.stream(method.getParameterTypes())
        .allMatch(type -> Scalars.include(type) || type.isEnum());
  }

  private static boolean answersAtOnce(Class<?> answer) {
    return !CompletionStage.class.isAssignableFrom(answer)
        && !answer.getName().startsWith("reactor.");
  }
}
