package larder.cache.log;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * An immutable set of tags, each held as the 64-bit hash of its text.
 *
 * <p>A tag is what a value depends on and what an invalidation names: {@code c:users} (a cache),
 * {@code k:users:42} (a key), {@code t:users} (a table), {@code t:users:42} (a row), {@code
 * a:users} (all rows). Two texts with one hash cost a miss and never a stale value, because the
 * only use of a tag is to condemn.
 *
 * <h2>The hash</h2>
 *
 * It is written into the log and into cached entries, so it is part of the stored format and the
 * same on every node, JVM and version: 64-bit FNV-1a over the UTF-8 bytes of the text, and then the
 * 64-bit finalizer of MurmurHash3, because FNV leaves the high bits of short texts poorly mixed and
 * the horizon takes its slots from there. An unpaired surrogate counts as {@code ?}, as in {@link
 * String#getBytes()}.
 */
public final class Tags {

  /** The empty set. */
  public static final Tags NONE = new Tags(new long[0]);

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /** Ascending, without duplicates. */
  private final long[] hashes;

  private Tags(long[] ascending) {
    this.hashes = ascending;
  }

  /** The set of the tags with these texts. */
  public static Tags of(String... texts) {
    long[] hashes = new long[texts.length];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = hash(texts[i]);
    }
    return ofOwn(hashes);
  }

  /** The set of these hashes. */
  public static Tags ofHashes(long... hashes) {
    return ofOwn(hashes.clone());
  }

  /** The set of hashes in an array that nobody else has, which is put in order. */
  private static Tags ofOwn(long[] hashes) {
    if (hashes.length == 0) {
      return NONE;
    }
    Arrays.sort(hashes);
    int size = 1;
    for (int i = 1; i < hashes.length; i++) {
      if (hashes[i] != hashes[size - 1]) {
        hashes[size++] = hashes[i];
      }
    }
    return new Tags(size == hashes.length ? hashes : Arrays.copyOf(hashes, size));
  }

  /** The hash of a tag's text. */
  public static long hash(String text) {
    long hash = FNV_OFFSET;
    for (byte octet : ShortText.encode(text)) {
      hash = (hash ^ (octet & 0xff)) * FNV_PRIME;
    }
    return mix(hash);
  }

  private static long mix(long hash) {
    long mixed = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }

  /** The number of tags. */
  public int size() {
    return hashes.length;
  }

  /** The {@code i}-th hash in ascending order. */
  public long hash(int i) {
    return hashes[i];
  }

  /** Whether the set has no tag. */
  public boolean isEmpty() {
    return hashes.length == 0;
  }

  /** Whether the tag with this hash is in the set. */
  public boolean contains(long hash) {
    return Arrays.binarySearch(hashes, hash) >= 0;
  }

  /** Whether a tag is in both sets. */
  public boolean intersects(Tags other) {
    int i = 0;
    int j = 0;
    while (i < hashes.length && j < other.hashes.length) {
      if (hashes[i] == other.hashes[j]) {
        return true;
      }
      if (hashes[i] < other.hashes[j]) {
        i++;
      } else {
        j++;
      }
    }
    return false;
  }

  /** The tags of both sets. */
  public Tags and(Tags other) {
    if (other.isEmpty() || equals(other)) {
      return this;
    } else if (isEmpty()) {
      return other;
    }
    long[] both = Arrays.copyOf(hashes, hashes.length + other.hashes.length);
    System.arraycopy(other.hashes, 0, both, hashes.length, other.hashes.length);
    return ofOwn(both);
  }

  /** The tags of this set that are not in {@code other}. */
  public Tags without(Tags other) {
    if (!intersects(other)) {
      return this;
    }
    return ofOwn(Arrays.stream(hashes).filter(hash -> !other.contains(hash)).toArray());
  }

  /** Collects tags by their texts. Not safe for several threads. */
  public static final class Builder {

    private final LongStream.Builder hashes = LongStream.builder();

    /** Adds the tag with this text. */
    public void add(String text) {
      hashes.add(hash(text));
    }

    /** Returns the set of what was added; the builder is of no use afterwards. */
    public Tags build() {
      return ofOwn(hashes.build().toArray());
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tags tags && Arrays.equals(hashes, tags.hashes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hashes);
  }

  @Override
  public String toString() {
    return Arrays.stream(hashes)
        .mapToObj(Long::toHexString)
        .collect(Collectors.joining(",", "{", "}"));
  }
}
