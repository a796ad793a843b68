package larder.notice;

import java.util.List;

/**
 * What Redis answered to a look behind a position.
 *
 * @param last the last id that the stream gave; {@link NoticeId#NONE} if there is no stream
 * @param notices the notices behind the position, in their order
 * @param more whether there may be more behind these
 */
record StreamPart(NoticeId last, List<LinkedNotice> notices, boolean more) {}
