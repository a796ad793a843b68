package larder.session;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How one attribute of sessions is kept in Redis: as JSON of a record that says what matters of it.
 *
 * <p>The forms are the whole list of what may come out of Redis: an attribute is read as the record
 * of its name and as nothing else, and no class is named there. A bean of this type adds one.
 *
 * @param <A> the attribute, as the application sees it
 * @param <J> the record that is kept
 * @param name the name of the attribute
 * @param attribute the type of the attribute; what is none is not kept
 * @param json the type of the record
 * @param write makes the record; null if this attribute cannot be kept
 * @param read makes the attribute; whatever it throws means that this is no session
 */
public record AttributeForm<A, J>(
    String name,
    Class<A> attribute,
    Class<J> json,
    Function<A, @Nullable J> write,
    Function<J, A> read) {

  @Nullable J written(Object value) {
    return attribute.isInstance(value) ? write.apply(attribute.cast(value)) : null;
  }
}
