/** The layer on Redis as it is run and as it fails: topologies, credentials, outages. */
@NullMarked
package larder.topologies;

import org.jspecify.annotations.NullMarked;
