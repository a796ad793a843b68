package larder.cache.autoconfigure;

import larder.cache.LarderProperties.Settings;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/** Stops the start for a setting of a cache that is not known, such as a misspelled one. */
final class KnownSettings {

  private KnownSettings() {}

  static void check(Environment environment) {
    UnboundElementsSourceFilter filter = new UnboundElementsSourceFilter();
    Binder.get(environment)
        .bind(
            "larder.caches",
            Bindable.mapOf(String.class, Settings.class),
            new NoUnboundElementsBindHandler(
                org.springframework.boot.context.properties.bind.BindHandler.DEFAULT, filter));
  }
}
