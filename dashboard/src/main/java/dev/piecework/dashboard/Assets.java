package dev.piecework.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files of the page: ours, beside this class in {@code page}, and those of uPlot. They are
 * found by a plain name alone, so that no request leads anywhere else.
 */
final class Assets {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]+(\\.[a-z]+){1,2}");

  /** All scripts of the live page. */
  private static final String SCRIPT = "page.js";

  private static final String CHARTS = "/META-INF/resources/webjars/uplot/";

  private Assets() {}

  private static final Map<String, byte[]> KNOWN = new ConcurrentHashMap<>();

  /** The bytes of a file, if there is one of this name; nobody changes them. */
  static Optional<byte[]> read(String name) {
    byte[] known = KNOWN.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<byte[]> found = found(name);
    found.ifPresent(bytes -> KNOWN.put(name, bytes));
    return found;
  }

  private static Optional<byte[]> found(String name) {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    if (name.equals(SCRIPT)) {
      return Optional.of(Bundle.of("app.js").getBytes(StandardCharsets.UTF_8));
    }
    String place = name.startsWith("uPlot.") ? chartsFolder() + name : "page/" + name;
    try (InputStream in = Assets.class.getResourceAsStream(place)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** What kind of file it is, as HTTP says it. */
  static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      case "png" -> "image/png";
      default -> "application/octet-stream";
    };
  }

  private static @Nullable String folder;

  // Its version is in the path, and known to the build alone.
  private static synchronized String chartsFolder() {
    String known = folder;
    if (known == null) {
      known = CHARTS + chartsVersion() + "/dist/";
      folder = known;
    }
    return known;
  }

  private static String chartsVersion() {
    var properties = new java.util.Properties();
    try (InputStream in =
        Assets.class.getResourceAsStream("/META-INF/maven/org.webjars.npm/uplot/pom.properties")) {
      if (in == null) {
        throw new IllegalStateException("uPlot is not on the class path");
      }
      properties.load(in);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return properties.getProperty("version");
  }
}
