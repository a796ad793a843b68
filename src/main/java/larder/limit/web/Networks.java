package larder.limit.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;

/** The network that stands for an address, so that who has many addresses counts once. */
public final class Networks {

  private static final int PREFIX_BYTES = 8;

  private Networks() {}

  /**
   * Returns an IPv4 address as it is, an IPv6 address by its first 64 bits, and what is neither as
   * it is. Asks no name server.
   */
  public static String of(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      byte[] bytes = InetAddress.getByName(withoutZone(address)).getAddress();
      return bytes.length == 4
          ? InetAddress.getByAddress(bytes).getHostAddress()
          : HexFormat.of().formatHex(bytes, 0, PREFIX_BYTES) + "/64";
    } catch (UnknownHostException noAddress) {
      return address;
    }
  }

  private static String withoutZone(String address) {
    int zone = address.indexOf('%');
    return zone < 0 ? address : address.substring(0, zone);
  }
}
