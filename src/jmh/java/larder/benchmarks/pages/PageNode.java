package larder.benchmarks.pages;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import larder.cache.log.service.LogService;
import larder.cache.outbox.OutboxRelay;
import larder.cache.outbox.RelayState.Level;
import larder.monolith.Application;
import larder.monolith.start.CheckedApplication;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

/**
 * A node of the monolith in a process of its own. It says on which port it answers, and ends when
 * nobody listens to it any more.
 *
 * <p>Arguments: the name of a {@link Setup}, then settings.
 */
final class PageNode {

  static final String READY = "READY ";

  private static final long PAUSE_NANOS = 10_000_000;

  private PageNode() {}

  public static void main(String[] words) throws IOException {
    Setup setup = Setup.valueOf(words[0]);
    ConfigurableApplicationContext context =
        application(setup).run(Arrays.copyOfRange(words, 1, words.length));
    while (setup.isLayer() && !isReady(context)) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    System.out.println(READY + context.getEnvironment().getProperty("local.server.port"));
    while (System.in.read() >= 0) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    System.exit(0);
  }

  private static CheckedApplication application(Setup setup) {
    CheckedApplication application = Application.create();
    application.getSources().add(Changes.class.getName());
    if (!setup.isLayer()) {
      application.getSources().add(PeerCaching.class.getName());
      application.addInitializers(
          context ->
              context
                  .getBeanFactory()
                  .registerSingleton("withoutPagesOfTheLayer", new WithoutPagesOfTheLayer()));
    }
    application.setDefaultProperties(java.util.Map.of("larder.benchmarks.setup", setup.name()));
    return application;
  }

  private static boolean isReady(ConfigurableApplicationContext context) {
    return context.getBean(LogService.class).isCurrent()
        && context.getBean(OutboxRelay.class).state().level() == Level.OUTBOX;
  }

  /** Leaves out the administrator's pages on caches, which have nothing to show with a peer. */
  private static final class WithoutPagesOfTheLayer extends TypeExcludeFilter {

    private static final String PAGES = "larder.monolith.admin.";

    @Override
    public boolean match(MetadataReader reader, MetadataReaderFactory factory) {
      String name = reader.getClassMetadata().getClassName();
      return name.startsWith(PAGES) && !name.equals(PAGES + "Amounts");
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof WithoutPagesOfTheLayer;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }
}
