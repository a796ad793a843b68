package larder.writebehind;

/**
 * What tests write behind.
 *
 * @param key whose it is
 * @param seq its number among those of its key
 */
record Write(String key, long seq) {}
