package larder.topologies;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Locale;

/**
 * A certificate for 127.0.0.1 that vouches for itself, and its key, as PEM files.
 *
 * @param certificate the certificate, which is its own authority
 * @param key the private key
 */
record Certificate(Path certificate, Path key) {

  private static final String SECRET = "changeit";

  /** Makes a new one in a folder, with the JDK's own keytool. */
  static Certificate createIn(Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = folder.resolve("store.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process process =
        new ProcessBuilder(
                (keytool
                        + " -genkeypair -alias redis -keyalg RSA -keysize 2048 -validity 2"
                        + " -dname CN=127.0.0.1 -ext san=ip:127.0.0.1 -ext bc:c"
                        + " -storetype PKCS12 -storepass "
                        + SECRET
                        + " -keystore "
                        + store)
                    .split(" "))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException("keytool made no certificate: status " + status);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, SECRET.toCharArray());
    }
    byte[] key = keys.getKey("redis", SECRET.toCharArray()).getEncoded();
    return new Certificate(
        pem(folder, "CERTIFICATE", keys.getCertificate("redis").getEncoded()),
        pem(folder, "PRIVATE KEY", key));
  }

  private static Path pem(Path folder, String kind, byte[] bytes) throws IOException {
    String text =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(
                kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes), kind);
    return Files.writeString(
        folder.resolve(kind.replace(" ", "-").toLowerCase(Locale.ROOT) + ".pem"), text, US_ASCII);
  }
}
