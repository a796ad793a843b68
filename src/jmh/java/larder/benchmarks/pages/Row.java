package larder.benchmarks.pages;

import java.util.Locale;

/**
 * A row of the tables.
 *
 * @param setup how the monolith runs
 * @param again whether the same was measured before: what differs is the machine
 */
record Row(Setup setup, boolean again) {

  /** Returns its name in tables. */
  String label() {
    return setup.label() + (again ? ", again at the end" : "");
  }

  /** Returns the name of its database. */
  String database() {
    return "pages_" + setup.name().toLowerCase(Locale.ROOT) + (again ? "_again" : "");
  }
}
