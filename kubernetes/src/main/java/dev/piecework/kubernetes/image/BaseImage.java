package dev.piecework.kubernetes.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A base image as a tar in Docker's format, to be looked into. */
final class BaseImage implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

  private final String name;
  private final TarFile tar;
  private final JsonNode config;
  private final List<String> layers;

  /**
   * @param name for people
   * @throws ImageRefusedException when the file is something else
   */
  BaseImage(String name, Path file) throws IOException {
    this.name = name;
    this.tar = open(name, file);
    try {
      TarArchiveEntry index = entry("manifest.json");
      if (index == null) {
        throw ImageRefusedException.request(
            entry("oci-layout") == null
                ? name + " is no image: there is no manifest.json in it; docker save makes one"
                : name
                    + " is an OCI archive; a base has to be in Docker's format: skopeo copy"
                    + " oci-archive:FROM docker-archive:TO");
      }
      JsonNode manifest = JSON.readTree(bytes(index)).path(0);
      layers = manifest.path("Layers").valueStream().map(JsonNode::asString).toList();
      TarArchiveEntry described = entry(manifest.path("Config").asString());
      if (described == null) {
        throw ImageRefusedException.request(name + " is cut short: it has no configuration");
      }
      config = JSON.readTree(bytes(described));
    } catch (IOException | RuntimeException broken) {
      tar.close();
      throw broken;
    }
  }

  private static TarFile open(String name, Path file) throws IOException {
    try {
      return new TarFile(file);
    } catch (IOException | IllegalArgumentException broken) {
      throw new ImageRefusedException(
          ImageRefusedException.Fault.REQUEST,
          name + " cannot be read as a tar: " + broken.getMessage(),
          broken);
    }
  }

  BaseLook look() throws IOException {
    BaseFiles files = new BaseFiles();
    for (String layer : layers) {
      try (InputStream in = layer(layer)) {
        files.stack(in);
      }
    }
    return BaseLook.of(config.path("architecture").asString(""), environment(), files);
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    config
        .path("config")
        .path("Env")
        .valueStream()
        .map(JsonNode::asString)
        .forEach(each -> {
          int equals = each.indexOf('=');
          if (equals > 0) {
            environment.put(each.substring(0, equals), each.substring(equals + 1));
          }
        });
    return environment;
  }

  /** Copies a folder of the image's, with its times, so that programs in it can be tried here. */
  void extract(String folder, Path to) throws IOException {
    String prefix = BaseFiles.path(folder) + "/";
    for (String layer : layers) {
      try (TarArchiveInputStream in = new TarArchiveInputStream(layer(layer))) {
        TarArchiveEntry entry;
        while ((entry = in.getNextEntry()) != null) {
          String path = BaseFiles.path(entry.getName());
          Path target = to.resolve(path.startsWith(prefix) ? path.substring(prefix.length()) : "");
          if (path.startsWith(prefix) && target.normalize().startsWith(to)) {
            extract(in, entry, target);
          }
        }
      }
    }
  }

  private static void extract(TarArchiveInputStream in, TarArchiveEntry entry, Path target)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(target);
    } else if (entry.isFile()) {
      Files.createDirectories(target.getParent());
      Files.deleteIfExists(target);
      Files.copy(in, target);
      boolean program = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(
          target, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
      Files.setLastModifiedTime(target, FileTime.from(entry.getLastModifiedTime().toInstant()));
    }
    // Links lead to licences and to the system's certificates: neither is needed to try it.
  }

  private InputStream layer(String path) throws IOException {
    TarArchiveEntry entry = entry(path);
    if (entry == null) {
      throw ImageRefusedException.request(name + " is cut short: it has no " + path);
    }
    InputStream in = new BufferedInputStream(tar.getInputStream(entry), 1 << 16);
    in.mark(4);
    byte[] magic = in.readNBytes(4);
    in.reset();
    if (magic.length > 1 && magic[0] == 0x1f && magic[1] == (byte) 0x8b) {
      return new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16);
    }
    if (java.util.Arrays.equals(magic, ZSTD)) {
      throw ImageRefusedException.request(
          "base "
              + name
              + " has layers in zstd, which are not understood here; give it as a tar:"
              + " skopeo copy docker://FROM docker-archive:TO");
    }
    return in;
  }

  private byte[] bytes(TarArchiveEntry entry) throws IOException {
    try (InputStream in = tar.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }

  private @org.jspecify.annotations.Nullable TarArchiveEntry entry(String path) {
    for (TarArchiveEntry entry : tar.getEntries()) {
      if (entry.getName().equals(path)) {
        return entry;
      }
    }
    return null;
  }

  /** Tells this image from every other. */
  String id() {
    return sha256(config.toString());
  }

  static String sha256(String text) {
    try {
      return java.util.HexFormat.of()
          .formatHex(
              java.security.MessageDigest.getInstance("SHA-256")
                  .digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException never) {
      throw new IllegalStateException(never);
    }
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }
}
