package larder.history;

import java.util.List;
import larder.cache.CachedCall.Source;
import larder.history.node.ReadKind;
import larder.history.node.Stamped;

/**
 * A read as its caller saw it.
 *
 * @param node the number of the node
 * @param life which process of that node it was, counted over all nodes
 * @param begin when the call began
 * @param end when it returned
 */
record SeenRead(
    int node, int life, ReadKind kind, Source source, long begin, long end, List<Stamped> rows) {}
