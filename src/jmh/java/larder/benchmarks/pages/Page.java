package larder.benchmarks.pages;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** One of the pages that are asked for. */
enum Page {
  PROFILE("profile") {
    @Override
    List<String> asks(List<String> handles) {
      return handles.stream().map(Page::profile).toList();
    }
  },
  DIRECTORY("directory") {
    @Override
    List<String> asks(List<String> handles) {
      return java.util.stream.IntStream.rangeClosed(1, handles.size() / SIZE)
          .mapToObj(
              page ->
                  String.format(
                      java.util.Locale.ROOT,
                      "/users?page=%d\t%,d to %,d of %,d",
                      page,
                      (page - 1) * SIZE + 1,
                      page * SIZE,
                      handles.size()))
          .toList();
    }
  };

  private static final int SIZE = 20;
  private static final int DRAWN = 1 << 17;

  private final String label;

  Page(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /** Returns the lines of a plan that ask for each of these pages, the most popular first. */
  abstract List<String> asks(List<String> handles);

  private static String profile(String handle) {
    return "/users/%s\t@<span>%s</span>".formatted(handle, handle);
  }

  /**
   * Draws what is asked for by Zipf's law with an exponent of 1: the second page is asked for half
   * as often as the first.
   *
   * @param changes the share of what is asked for that changes a profile, any of them
   */
  List<String> drawn(List<String> handles, double changes) {
    List<String> asks = asks(handles);
    double[] sums = new double[asks.size()];
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      sum += 1.0 / (i + 1);
      sums[i] = sum;
    }
    Random random = new Random(42);
    String[] lines = new String[DRAWN];
    for (int i = 0; i < DRAWN; i++) {
      int found = Arrays.binarySearch(sums, random.nextDouble() * sum);
      lines[i] = asks.get(Math.min(found < 0 ? -found - 1 : found, sums.length - 1));
      if (random.nextDouble() < changes) {
        String handle = handles.get(random.nextInt(handles.size()));
        lines[i] = Changes.PATH + handle + "\t" + Changes.ANSWER;
      }
    }
    return List.of(lines);
  }
}
