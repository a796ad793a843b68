package larder.cache.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class KeptPageTests {

  private static final String TYPE = "text/html;charset=UTF-8";
  private static final byte[] LONG = "many words ".repeat(400).getBytes(UTF_8);

  @Test
  void aLongPageIsKeptCompressedAndAShortOneIsNot() {
    KeptPage page = KeptPage.of(TYPE, "", LONG, /* compress= */ true);

    assertThat(page.zipped()).isTrue();
    assertThat(page.kept()).hasSizeLessThan(LONG.length / 10);
    assertThat(page.plain()).isEqualTo(LONG);
    assertThat(KeptPage.of(TYPE, "", LONG, /* compress= */ false).kept()).isEqualTo(LONG);
    assertThat(KeptPage.of(TYPE, "", new byte[] {1}, /* compress= */ true).zipped()).isFalse();
  }

  @Test
  void pagesThatDifferInAnythingHaveOtherTags() {
    KeptPage page = KeptPage.of(TYPE, "", LONG, /* compress= */ true);

    assertThat(page.etag(false))
        .isEqualTo(KeptPage.of(TYPE, "", LONG, /* compress= */ false).etag(false))
        .isNotEqualTo(page.etag(true))
        .isNotEqualTo(KeptPage.of("text/plain", "", LONG, true).etag(false))
        .isNotEqualTo(KeptPage.of(TYPE, "Link: x\n", LONG, true).etag(false))
        .isNotEqualTo(KeptPage.of(TYPE, "", new byte[0], true).etag(false));
  }

  @Test
  void whatIsDamagedIsNotSent() throws Exception {
    MockHttpServletRequest request = new MockHttpServletRequest();

    assertThat(SentPage.of(new KeptPage(TYPE, "", "h", true, "bm8gemlw"), rule(), request))
        .isNull();
    assertThat(SentPage.of(new KeptPage(TYPE, "", "h", false, "%%"), rule(), request)).isNull();
  }

  @Test
  void keptHeadersAreSetAsTheyWere() throws Exception {
    KeptPage page = KeptPage.of(TYPE, "Link: <a>\nLink: <b>\nX-One: 1\n", LONG, true);
    MockHttpServletRequest request = new MockHttpServletRequest("GET", "/");
    MockHttpServletResponse response = new MockHttpServletResponse();
    response.setHeader("Link", "<of another>");

    SentPage sent = Objects.requireNonNull(SentPage.of(page, rule(), request));

    assertThat(sent.send(request, response)).isTrue();
    assertThat(response.getHeaders("Link")).containsExactly("<a>", "<b>");
    assertThat(response.getHeader("X-One")).isEqualTo("1");
    assertThat(response.getContentAsByteArray()).isEqualTo(LONG);
    assertThat(response.getHeader("Cache-Control")).isEqualTo("max-age=30");
  }

  @Test
  void aResponseThatCarriesACookieIsForOnePerson() throws Exception {
    KeptPage page = KeptPage.of(TYPE, "", LONG, true);
    MockHttpServletRequest request = new MockHttpServletRequest("GET", "/");
    MockHttpServletResponse response = new MockHttpServletResponse();
    response.addHeader("Set-Cookie", "by=a filter further out");

    SentPage sent = Objects.requireNonNull(SentPage.of(page, rule(), request));

    assertThat(sent.send(request, response)).isTrue();
    assertThat(response.getHeader("Cache-Control")).isEqualTo("no-cache, private");
  }

  @Test
  void anotherProgramIsAnotherVersion(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("page.html"), "one");
    long first = ProgramVersion.checksum(folder);
    long asFile = ProgramVersion.checksum(file);
    Files.writeString(file, "other");

    assertThat(ProgramVersion.checksum(folder)).isNotEqualTo(first);
    assertThat(ProgramVersion.checksum(file)).isNotEqualTo(asFile);
    assertThat(new ProgramVersion("a b").text()).isEqualTo("a_b");
    assertThat(new ProgramVersion("").text()).isEqualTo(new ProgramVersion("").text());
  }

  private static PageRule rule() throws NoSuchMethodException {
    Method method = Object.class.getMethod("toString");
    return new PageRule(
        method,
        Object.class,
        "pages",
        Map.of(),
        List.of(),
        false,
        MediaType.TEXT_HTML,
        CacheControl.maxAge(java.time.Duration.ofSeconds(30)),
        List.of());
  }
}
