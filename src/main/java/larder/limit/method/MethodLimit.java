package larder.limit.method;

import larder.limit.Limit;
import larder.limit.RateLimited.By;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.Expression;

/**
 * One annotation of a method, read.
 *
 * @param limit the limit as the annotation says it
 * @param by whose calls are counted together
 * @param key gives the subject; null unless by key
 * @param condition tells whether a call counts; null: always
 */
record MethodLimit(Limit limit, By by, @Nullable Expression key, @Nullable Expression condition) {}
