/** Several nodes on one Redis and one database: what one of them reads while another writes. */
@NullMarked
package larder.nodes;

import org.jspecify.annotations.NullMarked;
