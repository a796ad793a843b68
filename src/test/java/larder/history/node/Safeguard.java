package larder.history.node;

import larder.cache.log.node.BrokenRule;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.ServingRule;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** A rule that a node's application can be run without, so that it is seen what the rule is for. */
public enum Safeguard {
  /** Everything as the layer has it. */
  ALL_ON,
  /** A value counts as read when it is first looked at, not when its load began. */
  AS_OF_OFF,
  /** A value counts as proven for good, whether heartbeats come or not. */
  BOUND_OFF,
  /** What is not appended after the commit is appended by nobody. */
  OUTBOX_OFF;

  /** Returns what breaks the layer's beans accordingly. */
  BeanPostProcessor breaking(ObjectProvider<LogFollower> follower) {
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof ServingRule rule ? broken(rule, follower) : bean;
      }
    };
  }

  private ServingRule broken(ServingRule rule, ObjectProvider<LogFollower> follower) {
    return switch (this) {
      case AS_OF_OFF -> BrokenRule.judgesAsOfFirstLook(follower.getObject());
      case BOUND_OFF -> BrokenRule.skipsBound(follower.getObject());
      default -> rule;
    };
  }
}
