package larder.cache.adviser;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import larder.cache.method.AnnotatedMethods.AnnotatedMethod;
import larder.cache.value.ValueType;
import larder.cache.value.ValueType.Level;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/** What is wrong with an annotated method, as it is written. */
final class MethodRules {

  private MethodRules() {}

  /**
   * Returns what is wrong with a method.
   *
   * @param type the type of the values that Spring caches for it
   */
  static List<Finding> of(AnnotatedMethod annotated, ValueType type) {
    List<Finding> found = new ArrayList<>();
    if (annotated.carriesValue()) {
      addTypes(found, annotated, type);
      addManager(found, annotated);
    }
    String unproxied = unproxied(annotated);
    if (unproxied == null) {
      addSelfCalls(found, annotated);
    } else {
      found.add(
          about(
              annotated,
              Rule.UNPROXIED_METHOD,
              unproxied + ": its annotations have no effect",
              "make it a public method that can be overridden"));
    }
    return found;
  }

  private static void addTypes(List<Finding> found, AnnotatedMethod annotated, ValueType type) {
    Class<?> declared = annotated.method().getReturnType();
    if (declared.getName().startsWith("reactor.")) {
      found.add(
          uncached(
              annotated, "it returns a reactive type", "return the value or a CompletableFuture"));
    }
    if (declared == CompletionStage.class) {
      found.add(
          uncached(
              annotated,
              "Spring caches of a CompletionStage only the CompletableFuture",
              "declare that"));
    } else if (type.soundness().level() == Level.UNSOUND) {
      String[] reason = type.soundness().reason().split("; ", 2);
      found.add(
          uncached(
              annotated,
              reason[0],
              reason.length == 2 ? reason[1] : "return a record of what its callers need"));
    }
  }

  private static Finding uncached(AnnotatedMethod annotated, String reason, String remedy) {
    return about(
        annotated,
        Rule.UNCACHEABLE_TYPE,
        "is not cached, every call goes to the method: " + reason,
        remedy);
  }

  private static void addManager(List<Finding> found, AnnotatedMethod annotated) {
    boolean named =
        annotated.operations().stream()
            .flatMap(one -> Stream.of(one.getCacheManager(), one.getCacheResolver()))
            .anyMatch(StringUtils::hasText);
    if (named) {
      found.add(
          about(
              annotated,
              Rule.CHOSEN_MANAGER,
              "names a cacheManager or cacheResolver: its values are not typed by what it"
                  + " returns, and callers who miss at the same time each load",
              "leave the name out"));
    }
  }

  /** Returns why no proxy sees the calls of a method; null if one may. */
  private static @Nullable String unproxied(AnnotatedMethod annotated) {
    Method method = annotated.method();
    if (Modifier.isStatic(method.getModifiers())) {
      return "is static, so that no proxy stands before it";
    } else if (Modifier.isPrivate(method.getModifiers())) {
      return "is private, so that no proxy stands before it";
    } else if (Modifier.isFinal(method.getModifiers()) && !isOfInterface(annotated)) {
      return "is final, so that it runs on the proxy itself, whose fields are empty";
    }
    return null;
  }

  /** A proxy of interfaces stands before their methods, final or not. */
  private static boolean isOfInterface(AnnotatedMethod annotated) {
    Method method = annotated.method();
    return ClassUtils.getAllInterfacesForClassAsSet(annotated.target()).stream()
        .anyMatch(each -> ClassUtils.hasMethod(each, method.getName(), method.getParameterTypes()));
  }

  private static void addSelfCalls(List<Finding> found, AnnotatedMethod annotated) {
    Set<String> callers = SelfCalls.callersOf(annotated.method(), annotated.target());
    if (!callers.isEmpty()) {
      found.add(
          about(
              annotated,
              Rule.SELF_CALL,
              "is called on this by %s of its own class: such calls pass by the proxy, and its"
                      .formatted(String.join(", ", callers))
                  + " annotations have no effect on them",
              "move it to a bean of its own"));
    }
  }

  private static Finding about(AnnotatedMethod annotated, Rule rule, String reason, String remedy) {
    Method method = annotated.method();
    String subject = method.getDeclaringClass().getSimpleName() + "." + method.getName();
    return rule.of(subject, annotated.caches(), reason, remedy);
  }
}
