package larder.session.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import larder.session.AttributeForm;
import org.jspecify.annotations.Nullable;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.servlet.FlashMap;
import org.springframework.web.servlet.support.SessionFlashMapManager;

/** How Spring MVC's flash attributes are kept until the page that they are for: texts only. */
public final class FlashMapForm {

  private static final String NAME = SessionFlashMapManager.class.getName() + ".FLASH_MAPS";

  private FlashMapForm() {}

  /**
   * One page's flash attributes.
   *
   * @param path the page; null for any
   * @param expires after this time, in ms, they are for nobody; -1 for never
   */
  record Flash(
      Map<String, String> texts,
      @Nullable String path,
      Map<String, List<String>> parameters,
      long expires) {

    Flash {
      texts = Map.copyOf(texts);
      parameters = Map.copyOf(parameters);
    }
  }

  /** All that wait for their page. */
  record Flashes(List<Flash> waiting) {

    Flashes {
      waiting = List.copyOf(waiting);
    }
  }

  public static AttributeForm<?, ?> create() {
    return new AttributeForm<>(
        NAME, List.class, Flashes.class, FlashMapForm::write, FlashMapForm::read);
  }

  private static Flashes write(List<?> maps) {
    List<Flash> waiting = new ArrayList<>();
    for (Object one : maps) {
      if (one instanceof FlashMap map) {
        waiting.add(write(map));
      }
    }
    return new Flashes(waiting);
  }

  private static Flash write(FlashMap map) {
    Map<String, String> texts = new HashMap<>();
    map.forEach(
        (name, value) -> {
          if (value instanceof String text) {
            texts.put(name, text);
          }
        });
    return new Flash(
        texts,
        map.getTargetRequestPath(),
        new HashMap<>(map.getTargetRequestParams()),
        map.getExpirationTime());
  }

  /** Spring adds to what it gets, and takes away. */
  private static List<?> read(Flashes flashes) {
    List<FlashMap> maps = new CopyOnWriteArrayList<>();
    for (Flash flash : flashes.waiting()) {
      FlashMap map = new FlashMap();
      map.putAll(flash.texts());
      map.setTargetRequestPath(flash.path());
      MultiValueMap<String, String> parameters = new LinkedMultiValueMap<>();
      flash.parameters().forEach((name, values) -> parameters.put(name, new ArrayList<>(values)));
      map.addTargetRequestParams(parameters);
      map.setExpirationTime(flash.expires());
      maps.add(map);
    }
    return maps;
  }
}
