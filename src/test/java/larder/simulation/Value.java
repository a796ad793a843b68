package larder.simulation;

import java.util.Arrays;
import larder.cache.log.node.Stamp;

/** A cached value: the versions of the rows that it was made of, and how it came to be. */
record Value(int key, VersionVector versions, Stamp stamp, String made) {

  Value stamped(Stamp other) {
    return new Value(key, versions, other, made);
  }

  /** The version of each row. */
  static final class VersionVector {
    private final int[] versions;

    VersionVector(int[] versions) {
      this.versions = versions.clone();
    }

    int of(int row) {
      return versions[row];
    }

    VersionVector with(int row, int version) {
      VersionVector changed = new VersionVector(versions);
      changed.versions[row] = version;
      return changed;
    }

    @Override
    public String toString() {
      return Arrays.toString(versions);
    }
  }
}
