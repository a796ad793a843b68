package larder.cache.value;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Sort;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Spring Data's pages as JSON: content, total, and the page asked for with its sorting.
 *
 * <p>A page that was not asked for by number is written without one.
 */
final class PageModule extends SimpleModule {

  private static final long serialVersionUID = 1L;

  PageModule() {
    super("larder-page");
    addSerializer(Page.class, new Writer());
    addDeserializer(Page.class, new Reader(null));
  }

  private record Order(
      String property, Sort.Direction direction, boolean ignoreCase, Sort.NullHandling nulls) {

    static Order of(Sort.Order order) {
      return new Order(
          order.getProperty(), order.getDirection(), order.isIgnoreCase(), order.getNullHandling());
    }

    Sort.Order toSort() {
      Sort.Order order = new Sort.Order(direction, property, nulls);
      return ignoreCase ? order.ignoreCase() : order;
    }
  }

  private record Request(int number, int size, List<Order> sort) {

    static Request of(Pageable asked) {
      return new Request(
          asked.getPageNumber(),
          asked.getPageSize(),
          asked.getSort().stream().map(Order::of).toList());
    }

    Pageable toPageable() {
      return PageRequest.of(number, size, Sort.by(sort.stream().map(Order::toSort).toList()));
    }
  }

  @SuppressWarnings("rawtypes")
  private static final class Writer extends ValueSerializer<Page> {

    @Override
    public void serialize(Page page, JsonGenerator json, SerializationContext context) {
      json.writeStartObject();
      json.writeNumberProperty("total", page.getTotalElements());
      if (page.getPageable().isPaged()) {
        json.writeName("page");
        context.writeValue(json, Request.of(page.getPageable()));
      }
      json.writeArrayPropertyStart("content");
      for (Object element : page.getContent()) {
        context.writeValue(json, element);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  @SuppressWarnings("rawtypes")
  private static final class Reader extends ValueDeserializer<Page> {

    private final @Nullable JavaType element;

    Reader(@Nullable JavaType element) {
      this.element = element;
    }

    @Override
    public ValueDeserializer<?> createContextual(
        DeserializationContext context, @Nullable BeanProperty property) {
      return new Reader(context.getContextualType().containedTypeOrUnknown(0));
    }

    @Override
    public Page deserialize(JsonParser json, DeserializationContext context) {
      long total = 0;
      Pageable asked = Pageable.unpaged();
      List<Object> content = new ArrayList<>();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        json.nextToken();
        switch (name) {
          case "total" -> total = json.getLongValue();
          case "page" -> asked = context.readValue(json, Request.class).toPageable();
          case "content" -> content = context.readValue(json, listOf(context));
          default -> context.reportInputMismatch(this, "unknown part of a page: %s", name);
        }
      }
      return new PageImpl<>(content, asked, total);
    }

    private JavaType listOf(DeserializationContext context) {
      JavaType of = element == null ? context.constructType(Object.class) : element;
      return context.getTypeFactory().constructCollectionType(ArrayList.class, of);
    }
  }
}
