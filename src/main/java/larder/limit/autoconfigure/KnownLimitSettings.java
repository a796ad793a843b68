package larder.limit.autoconfigure;

import larder.limit.LimitProperties.Settings;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/** Stops the start for a setting of a limit that is not known, such as a misspelled one. */
final class KnownLimitSettings {

  private KnownLimitSettings() {}

  static void check(Environment environment) {
    Binder.get(environment)
        .bind(
            "larder.limits",
            Bindable.mapOf(String.class, Settings.class),
            new NoUnboundElementsBindHandler(
                BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
  }
}
