package larder.benchmarks.pages;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What nodes are asked for, and how.
 *
 * @param nodes how many nodes are asked
 */
record Asked(Page page, int nodes, Kind kind) {

  /** A way to ask. */
  enum Kind {
    /** Each line asks again when it has its answer. */
    MOST,
    /** At a rate that is the same for all rows. */
    COMMON,
    /** At a share of the most that the row serves. */
    OWN,
    /** As {@link #MOST}, and pages come as they are. */
    NOT_ZIPPED,
    /** As {@link #MOST}, and some requests change a profile. */
    CHANGES
  }

  /** Returns all that is measured of a page, in this order. */
  static List<Asked> all(Page page, int mostNodes) {
    List<Asked> all = new ArrayList<>();
    for (int nodes = 1; nodes <= mostNodes; nodes++) {
      all.add(new Asked(page, nodes, Kind.MOST));
      all.add(new Asked(page, nodes, Kind.COMMON));
    }
    all.add(2, new Asked(page, 1, Kind.OWN));
    if (page == Page.PROFILE) {
      all.add(new Asked(page, 1, Kind.NOT_ZIPPED));
      all.add(new Asked(page, mostNodes, Kind.CHANGES));
    }
    return all;
  }

  /** Returns what is measured once more when all has been measured. */
  static List<Asked> again(Page page) {
    return List.of(new Asked(page, 1, Kind.MOST), new Asked(page, 1, Kind.COMMON));
  }

  /** Returns the same place, asked in another way. */
  Asked as(Kind other) {
    return new Asked(page, nodes, other);
  }

  boolean isTimed() {
    return Arrays.asList(Kind.COMMON, Kind.OWN).contains(kind);
  }

  boolean isZipped() {
    return kind != Kind.NOT_ZIPPED;
  }

  /** Returns the name of the file with what is asked for. */
  String plan() {
    return page.label() + (kind == Kind.CHANGES ? "-changes" : "") + ".txt";
  }

  /** Returns page and nodes in words. */
  String place() {
    return page.label() + (nodes == 1 ? ", 1 node" : ", %d nodes".formatted(nodes));
  }

  @Override
  public String toString() {
    return place() + ", " + kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
