package larder.cache.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;

class PageResponseTests {

  private static final int MOST = 10;

  private final MockHttpServletResponse persons =
      new MockHttpServletResponse() {
        @Override
        public String encodeURL(String url) {
          return url + ";jsessionid=secret";
        }
      };

  private final Asked asked = new Asked();
  private final AtomicInteger begun = new AtomicInteger();
  private final PageResponse page =
      new PageResponse(persons, "secret", asked, MOST, begun::incrementAndGet);

  @Test
  void aPageWaitsUntilItIsDelivered() throws IOException {
    page.setContentType("text/plain;charset=UTF-8");
    page.setContentLength(99);
    page.getWriter().print("é");
    page.flushBuffer();
    page.getWriter().close();

    assertThat(persons.isCommitted()).isFalse();
    assertThat(persons.getContentAsByteArray()).isEmpty();
    assertThat(page.body()).isEqualTo("é".getBytes(UTF_8));
    assertThat(asked.reason()).isNull();
    assertThat(begun).hasValue(1);

    page.deliver();

    assertThat(persons.getContentAsString()).isEqualTo("é");
    assertThat(persons.getContentLength()).isEqualTo(2);
  }

  @Test
  void aLargePageGoesToTheOneWhoAsked() throws IOException {
    page.getOutputStream().write("12345".getBytes(UTF_8));
    page.getOutputStream().write("67890!".getBytes(UTF_8));
    page.getOutputStream().write('?');

    page.deliver();

    assertThat(persons.getContentAsString()).isEqualTo("1234567890!?");
    assertThat(asked.reason()).isEqualTo(NotKept.SIZE);
    assertThat(page.isWhole()).isFalse();
    assertThat(page.body()).isEmpty();
  }

  @Test
  void anAnswerInPlaceOfThePageLeavesNothingOfIt() throws IOException {
    page.getWriter().print("half");
    page.sendError(HttpServletResponse.SC_NOT_FOUND);

    page.deliver();

    assertThat(persons.getStatus()).isEqualTo(404);
    assertThat(persons.getContentAsByteArray()).isEmpty();
    assertThat(asked.reason()).isEqualTo(NotKept.STATUS);
  }

  @Test
  void aPageMayBeBegunAnew() throws IOException {
    page.getWriter().print("first");
    page.reset();
    page.getOutputStream().print("second");
    page.finish();

    assertThat(page.body()).isEqualTo("second".getBytes(UTF_8));
  }

  @Test
  void aWriterAndAStreamExcludeEachOther() throws IOException {
    page.getWriter();

    assertThatIllegalStateException().isThrownBy(page::getOutputStream);
  }

  @Test
  void theSessionOfAPersonIsInNoAddress() {
    assertThat(page.encodeURL("/users")).isEqualTo("/users");
  }
}
