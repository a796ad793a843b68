package larder.cache.manager;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What a class warns of while this is open. */
final class WarningsOf implements AutoCloseable {

  private final ListAppender<ILoggingEvent> heard = new ListAppender<>();
  private final Logger logger;

  WarningsOf(Class<?> type) {
    logger = (Logger) LoggerFactory.getLogger(type);
    heard.start();
    logger.addAppender(heard);
  }

  List<String> messages() {
    return heard.list.stream()
        .filter(event -> event.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Override
  public void close() {
    logger.detachAppender(heard);
  }
}
