package larder.simulation;

import larder.cache.log.node.Arrival;
import larder.simulation.Value.VersionVector;

/**
 * A call of a cached method.
 *
 * @param own the versions that the caller's node has itself written before
 */
record SimulatedRead(String node, int key, Arrival arrival, long began, VersionVector own) {}
