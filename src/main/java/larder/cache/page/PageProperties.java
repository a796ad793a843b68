package larder.cache.page;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of kept pages.
 *
 * @param enabled whether pages are kept at all
 * @param maxSize largest page that is kept, as its bytes before compression; making one takes so
 *     much memory at most
 * @param compression whether pages of 2 KB and more are kept and sent compressed, to those who
 *     accept gzip
 * @param version the version of the program that makes the pages; a page is used by nodes of the
 *     same version only. Empty: a checksum of the program's file or folder
 */
@ConfigurationProperties("larder.pages")
public record PageProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("256KB") DataSize maxSize,
    @DefaultValue("true") boolean compression,
    @DefaultValue("") String version) {

  /** The largest size that can be set. */
  private static final DataSize LARGEST = DataSize.ofMegabytes(64);

  public PageProperties {
    if (maxSize.toBytes() < 1 || maxSize.compareTo(LARGEST) > 0) {
      throw new IllegalArgumentException(
          "larder.pages.max-size must be from 1B to 64MB, was: " + maxSize);
    }
  }
}
