package larder.dev;

import larder.dev.servers.Database;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/** The last words on the console when the application is ready: where it is and how to use it. */
final class DevSummary implements ApplicationListener<ApplicationReadyEvent> {

  private final DevServers servers;
  private final Database database;

  DevSummary(DevServers servers, Database database) {
    this.servers = servers;
    this.database = database;
  }

  @Override
  public void onApplicationEvent(ApplicationReadyEvent event) {
    String port =
        event.getApplicationContext().getEnvironment().getProperty("local.server.port", "-");
    System.out.println(text(port));
  }

  private String text(String port) {
    return """

        ------------------------------------------------------------------------------
          Larder is ready:   http://localhost:%s

          Sign in as         ada   / larder-demo   (administrator)
                             grace / larder-demo   (member)

          PostgreSQL         %s (user %s, password %s)
          Redis              %s (process %s: kill -STOP, -CONT or -KILL it and
                             see the pages still answer; the next copy starts it again)
          Data               %s, kept between runs

          Caches             http://localhost:%s/admin/caches, as an administrator
          Broken caches      mvn spring-boot:test-run -Dspring-boot.run.profiles=demo
          Second node        mvn spring-boot:test-run   (in another terminal, same folder)
          Start afresh       stop every copy, then delete .larder
          Stop               Ctrl-C; the last copy stops both servers
        ------------------------------------------------------------------------------
        """
        .formatted(
            port,
            database.url(),
            database.user(),
            database.password(),
            servers.redisUrl(),
            servers.redisPid(),
            servers.data(),
            port);
  }
}
