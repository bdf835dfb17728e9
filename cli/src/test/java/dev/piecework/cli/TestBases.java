package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Base images made of this machine's own programs, as no public registry is asked by a test: a
 * shell, a few commands, and the C library, in the format of {@code docker save}.
 */
final class TestBases {

  private static final List<String> PROGRAMS =
      List.of(
          "dash", "setsid", "wc", "rm", "cat", "sleep", "id", "tail", "touch", "tr", "head", "env");
  private static final List<String> JAVA_LIBRARIES =
      List.of("libdl.so.2", "libm.so.6", "libpthread.so.0", "librt.so.1");
  private static final Pattern LIBRARY = Pattern.compile("(/\\S+)");

  /** What is to be in a base. Paths have no slash in front; a link's content begins with "-> ". */
  private final TreeMap<String, Object> files = new TreeMap<>();

  private String architecture = "amd64";
  private final List<String> environment = new ArrayList<>(List.of("PATH=/usr/bin:/bin"));

  /** A small Linux without Java. */
  static TestBases plain() throws Exception {
    return with(PROGRAMS).link("bin", "usr/bin").link("usr/bin/sh", "dash");
  }

  /** A C library and nothing else: no shell, no command. */
  static TestBases distroless() throws Exception {
    return with(List.of());
  }

  private static TestBases with(List<String> programs) throws Exception {
    TestBases base = new TestBases();
    base.architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    Set<Path> libraries = new LinkedHashSet<>(needed(Path.of("/usr/bin/dash").toRealPath()));
    for (String program : programs) {
      Path file = Path.of("/usr/bin", program).toRealPath();
      base.files.put("usr/bin/" + program, file);
      libraries.addAll(needed(file));
    }
    Path folder = libraries.stream().filter(l -> l.endsWith("libc.so.6")).findFirst().orElseThrow();
    JAVA_LIBRARIES.forEach(name -> libraries.add(folder.resolveSibling(name)));
    for (Path library : libraries) {
      base.files.put(library.toString().substring(1), library.toRealPath());
    }
    return base.folder("tmp");
  }

  /** One that consists of nothing but what is put in. */
  static TestBases empty(String architecture) {
    TestBases base = new TestBases();
    base.architecture = architecture;
    return base;
  }

  private static List<Path> needed(Path program) throws Exception {
    Process ldd = new ProcessBuilder("ldd", program.toString()).start();
    String said = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(ldd.waitFor()).isZero();
    return LIBRARY.matcher(said).results().map(found -> Path.of(found.group(1))).toList();
  }

  TestBases file(String path, String text) {
    files.put(path, text);
    return this;
  }

  TestBases link(String path, String target) {
    return file(path, "-> " + target);
  }

  TestBases folder(String path) {
    return file(path + "/", "");
  }

  TestBases without(String path) {
    files.remove(path);
    return this;
  }

  /** Wherever it is. */
  TestBases withoutAny(String name) {
    files.keySet().removeIf(path -> path.endsWith("/" + name));
    return this;
  }

  TestBases with(String variable, String value) {
    environment.add(variable + "=" + value);
    return this;
  }

  /** With all files of a folder of this machine. */
  TestBases tree(String path, Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(Files::isRegularFile)
          .forEach(file -> files.put(path + "/" + folder.relativize(file), file));
    }
    return this;
  }

  /** Writes it, and answers with what {@code --base} takes. */
  String tar(Path file) throws Exception {
    byte[] layer = layer();
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(layer));
    String config =
        """
        {"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":{"Env":[%s]},
        "rootfs":{"type":"layers","diff_ids":["sha256:%s"]},
        "history":[{"created":"1970-01-01T00:00:00Z"}]}
        """
            .formatted(
                architecture,
                String.join(",", environment.stream().map(e -> '"' + e + '"').toList()),
                digest);
    String manifest =
        """
        [{"Config":"config.json","RepoTags":["test/base:1"],"Layers":["layer.tar"]}]
        """;
    try (var out = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      put(out, "manifest.json", manifest.getBytes(StandardCharsets.UTF_8), 0644);
      put(out, "config.json", config.getBytes(StandardCharsets.UTF_8), 0644);
      put(out, "layer.tar", layer, 0644);
    }
    return "tar://" + file;
  }

  private byte[] layer() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var out = new TarArchiveOutputStream(bytes)) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (var each : files.entrySet()) {
        String path = each.getKey();
        if (each.getValue() instanceof Path program) {
          int mode = Files.isExecutable(program) ? 0755 : 0644;
          put(out, path, Files.readAllBytes(program), mode);
        } else if (each.getValue() instanceof String text && text.startsWith("-> ")) {
          TarArchiveEntry link = new TarArchiveEntry(path, TarArchiveEntry.LF_SYMLINK);
          link.setLinkName(text.substring(3));
          link.setModTime(0);
          out.putArchiveEntry(link);
          out.closeArchiveEntry();
        } else {
          byte[] text = String.valueOf(each.getValue()).getBytes(StandardCharsets.UTF_8);
          put(out, path, text, path.endsWith("/") ? 01777 : 0755);
        }
      }
    }
    return bytes.toByteArray();
  }

  private static void put(TarArchiveOutputStream out, String path, byte[] content, int mode)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(path);
    entry.setSize(content.length);
    entry.setMode(mode);
    entry.setModTime(0);
    out.putArchiveEntry(entry);
    out.write(content);
    out.closeArchiveEntry();
  }
}
