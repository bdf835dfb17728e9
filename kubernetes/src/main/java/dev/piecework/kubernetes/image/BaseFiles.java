package dev.piecework.kubernetes.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The names that a base image holds once its layers are stacked, and where its links lead. What is
 * in the files is not kept, except of those called {@code release}, in which a JRE says what it is;
 * and of the C library, which version it is.
 */
final class BaseFiles {

  /** {@code libz.so.1}, or glibc itself of old: {@code libc-2.31.so}. */
  private static final Pattern LIBRARY = Pattern.compile("(lib|ld-)[^/]*\\.so(\\.[0-9.]+)?");

  private static final Pattern LIBC = Pattern.compile("libc(\\.so\\.6|-2\\.\\d+\\.so)");

  private static final int MOST_LINKS = 40;
  private static final long MOST_TEXT = 64 << 10;
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  /** One name. A link leads to {@code target}; all others have none. */
  private record Node(@Nullable String target, boolean executable) {}

  private final NavigableMap<String, Node> nodes = new TreeMap<>();
  private final Map<String, String> texts = new HashMap<>();
  private int glibc = -1;

  /** Lays one more layer on top. */
  void stack(InputStream layer) throws IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(layer);
    TarArchiveEntry entry;
    while ((entry = tar.getNextEntry()) != null) {
      String path = path(entry.getName());
      String name = path.substring(path.lastIndexOf('/') + 1);
      String folder = path.substring(0, path.length() - name.length());
      if (name.equals(OPAQUE)) {
        nodes.subMap(folder, false, after(folder), false).clear();
      } else if (name.startsWith(WHITEOUT)) {
        remove(folder + name.substring(WHITEOUT.length()));
      } else if (!path.isEmpty()) {
        if (!entry.isDirectory()) {
          remove(path);
        }
        nodes.put(path, new Node(target(entry), (entry.getMode() & 0100) != 0));
        if (entry.isFile() && LIBC.matcher(name).matches()) {
          glibc = Elf.glibc(tar.readAllBytes());
        }
        if (name.equals("release") && entry.isFile() && entry.getSize() <= MOST_TEXT) {
          texts.put(path, new String(tar.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
    }
  }

  private static @Nullable String target(TarArchiveEntry entry) {
    if (entry.isSymbolicLink()) {
      return entry.getLinkName();
    }
    return entry.isLink() ? "/" + path(entry.getLinkName()) : null;
  }

  /** Without the slash that the root is, nor one at the end. */
  static String path(String name) {
    String path = name.startsWith("./") ? name.substring(2) : name;
    path = path.startsWith("/") ? path.substring(1) : path;
    return path.equals(".") ? "" : path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private void remove(String path) {
    nodes.remove(path);
    nodes.subMap(path + "/", true, after(path + "/"), false).clear();
  }

  /** The first name that cannot begin with this folder's, which ends with a slash. */
  private static String after(String folder) {
    return folder.isEmpty() ? "\uffff" : folder.substring(0, folder.length() - 1) + '0';
  }

  /** Where this absolute path leads, all links followed; empty when nothing is there. */
  Optional<String> real(String path) {
    Deque<String> left = new ArrayDeque<>(List.of(path.split("/", -1)));
    String here = "";
    int links = 0;
    while (!left.isEmpty()) {
      String part = left.pop();
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (part.equals("..")) {
        here = here.contains("/") ? here.substring(0, here.lastIndexOf('/')) : "";
        continue;
      }
      String next = here.isEmpty() ? part : here + "/" + part;
      Node node = nodes.get(next);
      String target = node == null ? null : node.target();
      if (target == null) {
        // Some layers name files without naming the folders that they are in.
        if (node == null && !hasChildren(next)) {
          return Optional.empty();
        }
        here = next;
      } else if (++links > MOST_LINKS) {
        return Optional.empty();
      } else {
        String[] parts = target.split("/", -1);
        for (int i = parts.length - 1; i >= 0; i--) {
          left.push(parts[i]);
        }
        here = target.startsWith("/") ? "" : here;
      }
    }
    return Optional.of("/" + here);
  }

  private boolean hasChildren(String path) {
    String first = nodes.ceilingKey(path + "/");
    return first != null && first.startsWith(path + "/");
  }

  /** Whether a program could be started under this absolute path. */
  boolean isProgram(String path) {
    return real(path)
        .map(real -> nodes.get(real.substring(1)))
        .filter(Node::executable)
        .isPresent();
  }

  /** Where a program of this name is found, as a shell looks for it. */
  Optional<String> program(String name, String searchPath) {
    for (String folder : searchPath.split(":", -1)) {
      if (!folder.isEmpty() && isProgram(folder + "/" + name)) {
        return Optional.of(folder + "/" + name);
      }
    }
    return Optional.empty();
  }

  /** Whether any name in this folder begins so. */
  boolean hasNameBeginning(String folder, String beginning) {
    Optional<String> real = real(folder);
    if (real.isEmpty()) {
      return false;
    }
    String from = real.get().substring(1) + "/" + beginning;
    String first = nodes.ceilingKey(from);
    return first != null && first.startsWith(from);
  }

  /** The names of all libraries, wherever they are. */
  Set<String> libraries() {
    Set<String> libraries = new TreeSet<>();
    for (String path : nodes.keySet()) {
      String name = path.substring(path.lastIndexOf('/') + 1);
      if (LIBRARY.matcher(name).matches()) {
        libraries.add(name);
      }
    }
    return libraries;
  }

  /** The C library is glibc 2.x of this x; -1 where that is not known. */
  int glibc() {
    return glibc;
  }

  /** What a {@code release} file says. */
  Optional<String> text(String path) {
    return real(path).map(real -> texts.get(real.substring(1)));
  }
}
