package dev.piecework.kubernetes.image;

import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which image to make. Everything is checked here that can be without a network.
 *
 * @param base what it stands on
 * @param target where it goes
 * @param additions the user's own files, each a layer
 * @param platforms for which machines, such as {@code linux/amd64}; empty for this machine's
 * @param aot whether to add a layer with the classes as this machine's Java has loaded and linked
 *     them, which is what makes a worker start in half the time
 * @param bill whether to say what it is made of
 */
public record ImageRequest(
    Place base,
    Place target,
    List<Addition> additions,
    Set<Machine> platforms,
    boolean aot,
    boolean bill) {

  public ImageRequest {
    additions = List.copyOf(additions);
    platforms = Set.copyOf(platforms.isEmpty() ? Set.of(Machine.here()) : platforms);
    Set<String> paths = new LinkedHashSet<>();
    for (Addition addition : additions) {
      if (!paths.add(addition.path())) {
        throw ImageRefusedException.request("two --add go to " + addition.path());
      }
    }
    if (target instanceof Place.Tar && platforms.size() > 1) {
      throw ImageRefusedException.request(
          "a tar holds the image for one machine, not for "
              + String.join(" and ", platforms.stream().map(Machine::toString).sorted().toList())
              + "; write one tar each, or push with --to");
    }
  }

  /** Where an image is. */
  public sealed interface Place {

    /**
     * In a registry.
     *
     * @param reference such as {@code registry.example.com/team/worker:1}
     */
    record Registry(String reference) implements Place {
      public Registry {
        parsed(reference);
      }

      ImageReference parsed() {
        return parsed(reference);
      }

      private static ImageReference parsed(String reference) {
        try {
          return ImageReference.parse(reference);
        } catch (InvalidImageReferenceException wrong) {
          throw ImageRefusedException.request(
              "'"
                  + reference
                  + "' is no image's name; one looks like registry.example.com/team/worker:1");
        }
      }

      @Override
      public String toString() {
        return reference;
      }
    }

    /** A file as {@code docker save} writes it. */
    record Tar(Path file) implements Place {
      @Override
      public String toString() {
        return file.toString();
      }
    }

    /** A reference, or {@code tar://FILE}. */
    static Place parse(String text) {
      if (!text.startsWith("tar://")) {
        return new Registry(text);
      }
      Path file = Path.of(text.substring("tar://".length()));
      if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
        throw ImageRefusedException.request("--base " + text + ": there is no such file to read");
      }
      return new Tar(file);
    }
  }

  /**
   * Files of the user's.
   *
   * @param from a folder or a file
   * @param path the folder in the image that it goes to, absolute
   */
  public record Addition(Path from, String path) {

    /** Where it goes when nobody says: the working directory of the image. */
    static final String DEFAULT_PATH = "/app";

    /** {@code DIR} or {@code DIR:/path}. */
    public static Addition parse(String text) {
      int colon = text.lastIndexOf(":/");
      Path from = Path.of(colon > 0 ? text.substring(0, colon) : text);
      String path = colon > 0 ? text.substring(colon + 1) : DEFAULT_PATH;
      if (!Files.isReadable(from)) {
        throw ImageRefusedException.request("--add " + text + ": cannot read " + from);
      }
      Path clean = Path.of(path).normalize();
      if (clean.getNameCount() == 0) {
        throw ImageRefusedException.request(
            "--add " + text + ": name a folder below /, such as " + DEFAULT_PATH);
      }
      if (clean.startsWith(Layout.HOME)) {
        throw ImageRefusedException.request(
            "--add " + text + ": " + Layout.HOME + " holds Piecework itself; choose another path");
      }
      return new Addition(from, clean.toString());
    }
  }

  /**
   * A kind of machine.
   *
   * @param architecture as Docker calls it: {@code amd64}, {@code arm64}
   */
  public record Machine(String architecture) {

    private static final List<String> KNOWN = List.of("amd64", "arm64");

    /** {@code linux/amd64}, or {@code amd64}. */
    public static Machine parse(String text) {
      String architecture = text.startsWith("linux/") ? text.substring(6) : text;
      if (!KNOWN.contains(architecture)) {
        throw ImageRefusedException.request(
            "--platform " + text + ": it is linux/amd64 or linux/arm64");
      }
      return new Machine(architecture);
    }

    /** A comma list. */
    public static Set<Machine> parseAll(List<String> texts) {
      Set<Machine> machines = new LinkedHashSet<>();
      for (String text : texts) {
        for (String each : new ArrayList<>(List.of(text.split(",", -1)))) {
          machines.add(parse(each.strip()));
        }
      }
      return machines;
    }

    /** The one that this runs on. */
    public static Machine here() {
      String name = System.getProperty("os.arch", "");
      return new Machine(
          switch (name) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> name;
          });
    }

    /** Whether programs for it run here. */
    boolean isHere() {
      return equals(here()) && System.getProperty("os.name", "").equals("Linux");
    }

    @Override
    public String toString() {
      return "linux/" + architecture;
    }
  }
}
