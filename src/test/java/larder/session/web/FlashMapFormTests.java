package larder.session.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import larder.session.AttributeForm;
import larder.session.web.FlashMapForm.Flashes;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.servlet.FlashMap;
import org.springframework.web.servlet.support.SessionFlashMapManager;
import tools.jackson.databind.json.JsonMapper;

class FlashMapFormTests {

  /** By the manager that writes and reads them, so that the name is the one that it uses. */
  @Test
  void textsReachThePageThatTheyAreFor() {
    SessionFlashMapManager manager = new SessionFlashMapManager();
    FlashMap flash = new FlashMap();
    flash.put("notice", "Saved");
    flash.put("object", new Object());
    flash.setTargetRequestPath("/users/ada");
    flash.addTargetRequestParam("tab", "2");
    MockHttpServletRequest sends = new MockHttpServletRequest("POST", "/edit");
    manager.saveOutputFlashMap(flash, sends, new MockHttpServletResponse());
    AttributeForm<?, ?> form = FlashMapForm.create();
    Object kept = sends.getSession().getAttribute(form.name());
    assertThat(kept).isInstanceOf(List.class);

    MockHttpServletRequest other = new MockHttpServletRequest("GET", "/users/bob");
    MockHttpServletRequest meant = new MockHttpServletRequest("GET", "/users/ada");
    meant.setQueryString("tab=2");
    meant.addParameter("tab", "2");
    Object read = throughJson(form, (List<?>) kept);
    other.getSession().setAttribute(form.name(), read);
    meant.getSession().setAttribute(form.name(), read);
    Map<String, Object> forOther = manager.retrieveAndUpdate(other, new MockHttpServletResponse());
    Map<String, Object> forMeant = manager.retrieveAndUpdate(meant, new MockHttpServletResponse());
    assertThat(forOther).isNull();
    assertThat(forMeant).containsOnly(Map.entry("notice", "Saved"));
  }

  @SuppressWarnings("unchecked")
  private static Object throughJson(AttributeForm<?, ?> form, List<?> kept) {
    AttributeForm<List<?>, Flashes> typed = (AttributeForm<List<?>, Flashes>) form;
    JsonMapper mapper = new JsonMapper();
    byte[] json = mapper.writeValueAsBytes(typed.write().apply(kept));
    return typed.read().apply(mapper.readValue(json, Flashes.class));
  }
}
