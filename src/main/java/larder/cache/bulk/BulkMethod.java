package larder.cache.bulk;

import java.util.Set;
import larder.cache.manager.LarderCache;
import larder.cache.value.ValueType;

/**
 * A bulk method as a class has it.
 *
 * @param cache the view of its cache, typed as one value
 * @param type the type of one value
 * @param takesSet whether the ids have to come as a set
 * @param ownRows the tables of which a value is made of its own row alone
 */
record BulkMethod(LarderCache cache, ValueType type, boolean takesSet, Set<String> ownRows) {}
