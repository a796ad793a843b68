package larder.adopter;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The second application: entities, a repository and a service, and no word about caching. */
@SpringBootApplication
class AdopterApplication {}
