package larder.cache.adviser;

import java.util.List;
import larder.cache.adviser.Finding.About;
import larder.cache.overview.Advice;
import org.springframework.util.StringUtils;

/** What the adviser finds, as pages ask for it. */
public final class PageAdvice implements Advice {

  private final Adviser adviser;

  public PageAdvice(Adviser adviser) {
    this.adviser = adviser;
  }

  @Override
  public List<Advice.Finding> findings() {
    return adviser.findings().stream().map(PageAdvice::shown).toList();
  }

  /** Of a cache, the name stands before the reason; of anything else, the reason says it. */
  private static Advice.Finding shown(larder.cache.adviser.Finding found) {
    return new Advice.Finding(
        switch (found.severity()) {
          case WRONG -> Advice.Severity.PROBLEM;
          case ADVICE -> Advice.Severity.HINT;
        },
        found.rule().replace('-', ' '),
        found.caches().size() == 1 ? found.caches().iterator().next() : null,
        found.about() == About.CACHE
            ? StringUtils.capitalize(found.reason())
            : found.subject() + " " + found.reason(),
        remedy(found.remedy()));
  }

  /** A setting or an annotation is written as it is. */
  private static String remedy(String text) {
    return text.startsWith("larder.") ? text : StringUtils.capitalize(text);
  }
}
