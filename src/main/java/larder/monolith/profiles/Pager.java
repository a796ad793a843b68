package larder.monolith.profiles;

import java.util.ArrayList;
import java.util.List;
import larder.monolith.users.DirectoryPage;

/**
 * The page numbers to offer beside a page of the directory, counted from 1.
 *
 * @param numbers the first, the last and those around the current one; {@link #GAP} where numbers
 *     are left out
 * @param current the page shown
 * @param last the last page
 */
public record Pager(List<Integer> numbers, int current, int last) {

  /** Stands for the numbers left out. */
  public static final int GAP = 0;

  static Pager of(DirectoryPage page) {
    int current = page.page() + 1;
    int last = page.pages();
    List<Integer> numbers = new ArrayList<>();
    for (int number = 1; number <= last; number++) {
      if (number == 1 || number == last || Math.abs(number - current) <= 1) {
        numbers.add(number);
      } else if (!numbers.get(numbers.size() - 1).equals(GAP)) {
        numbers.add(GAP);
      }
    }
    return new Pager(List.copyOf(numbers), current, last);
  }
}
