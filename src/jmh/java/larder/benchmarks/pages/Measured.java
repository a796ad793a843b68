package larder.benchmarks.pages;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * What a run has measured.
 *
 * @param micros how long each page took, from when it was due
 * @param seconds how long the run took, until the last answer
 * @param wrong answers that were not what was asked for
 * @param firstWrong the first of them, as far as it says what it is; empty if there is none
 * @param missing answers that never came
 * @param resent requests that were sent again, since a node had closed their connection
 * @param sampled answers that were read
 * @param kept those among them that were kept pages
 */
record Measured(
    int[] micros,
    double seconds,
    int wrong,
    String firstWrong,
    int missing,
    int resent,
    int sampled,
    int kept) {

  void write(DataOutputStream out) throws IOException {
    out.writeInt(micros.length);
    for (int one : micros) {
      out.writeInt(one);
    }
    out.writeDouble(seconds);
    out.writeInt(wrong);
    out.writeUTF(firstWrong);
    out.writeInt(missing);
    out.writeInt(resent);
    out.writeInt(sampled);
    out.writeInt(kept);
    out.flush();
  }

  static Measured read(DataInputStream in) throws IOException {
    int[] micros = new int[in.readInt()];
    for (int i = 0; i < micros.length; i++) {
      micros[i] = in.readInt();
    }
    return new Measured(
        micros,
        in.readDouble(),
        in.readInt(),
        in.readUTF(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt());
  }

  /** Returns the pages of a second. */
  double rate() {
    return micros.length / seconds;
  }

  /** Returns the milliseconds within which a share of the pages was answered. */
  double millis(double share) {
    return millis(micros, share);
  }

  static double millis(int[] micros, double share) {
    int[] sorted = micros.clone();
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.min(Math.max(rank - 1, 0), sorted.length - 1)] / 1e3;
  }
}
