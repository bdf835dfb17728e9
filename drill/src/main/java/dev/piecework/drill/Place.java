package dev.piecework.drill;

import dev.piecework.QueueConfig;
import dev.piecework.TlsFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a process finds Redis. It is told by its environment: a URI may hold a password, and
 * everybody can see a command line.
 *
 * @param passwordFile as in {@link QueueConfig.Access}
 * @param tls as in {@link QueueConfig.Access}
 */
public record Place(String uri, @Nullable Path passwordFile, TlsFiles tls) {

  private static final String URI = "PIECEWORK_DRILL_REDIS";
  private static final String PASSWORD_FILE = "PIECEWORK_DRILL_PASSWORD_FILE";
  private static final String CA_FILE = "PIECEWORK_DRILL_CA_FILE";
  private static final String CERTIFICATE_FILE = "PIECEWORK_DRILL_CERT_FILE";
  private static final String KEY_FILE = "PIECEWORK_DRILL_KEY_FILE";

  /** Where nothing but the URI is needed. */
  public static Place at(String uri) {
    return new Place(uri, null, TlsFiles.NONE);
  }

  static Place inEnvironment(Map<String, String> environment) {
    String uri = environment.get(URI);
    if (uri == null) {
      throw new IllegalStateException(URI + " is not set: this is started by a drill");
    }
    return new Place(
        uri,
        path(environment.get(PASSWORD_FILE)),
        new TlsFiles(
            path(environment.get(CA_FILE)),
            path(environment.get(CERTIFICATE_FILE)),
            path(environment.get(KEY_FILE))));
  }

  Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>(Map.of(URI, uri));
    put(environment, PASSWORD_FILE, passwordFile);
    put(environment, CA_FILE, tls.authorities());
    put(environment, CERTIFICATE_FILE, tls.certificate());
    put(environment, KEY_FILE, tls.key());
    return environment;
  }

  private static void put(Map<String, String> environment, String name, @Nullable Path file) {
    if (file != null) {
      environment.put(name, file.toAbsolutePath().toString());
    }
  }

  QueueConfig queue(String name, DrillQueue queue, Consumer<String> notices) {
    return QueueConfig.of(uri, name)
        .withSettings(queue.settings())
        .withAccess(new QueueConfig.Access(passwordFile, tls, "piecework-drill", null, notices));
  }

  private static @Nullable Path path(@Nullable String text) {
    return text == null ? null : Path.of(text);
  }

  @Override
  public String toString() {
    return "Place"; // the URI may hold a password
  }
}
