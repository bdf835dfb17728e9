package dev.piecework.kubernetes.image;

import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FileEntry;
import dev.piecework.kubernetes.image.ImageRequest.Addition;
import dev.piecework.kubernetes.image.ImageRequest.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the image of a worker: Piecework and the user's files on a base of the user's choice, with
 * a Java beside it where the base has none. It runs as no root, and its entry point is Java itself,
 * so that what a container is given as arguments are the words of a verb.
 */
public final class WorkerImage {

  /**
   * What a build has around it.
   *
   * @param jars the distribution's folder of jars
   * @param cache a folder for what later builds can use; may be removed at any time
   * @param environment this process's: it says where credentials are
   * @param insecure whether registries may be spoken to without TLS
   * @param rehearsal how a worker is tried
   * @param notices is told what takes a while, or is left out
   */
  public record Surroundings(
      Path jars,
      Path cache,
      Map<String, String> environment,
      boolean insecure,
      Rehearsal rehearsal,
      Consumer<String> notices) {}

  /**
   * What was made.
   *
   * @param name under which it is found
   * @param digest of the image as it was pushed or written
   * @param beyondBase bytes that its files take, unpacked, beyond the base
   * @param java {@code base} when the base's own is used, else {@code added}
   * @param classCache whether it holds Java's cache of classes
   * @param bill what it is made of, in CycloneDX's JSON, if that was asked for
   */
  public record Made(
      String name,
      String digest,
      long beyondBase,
      String java,
      boolean classCache,
      @Nullable String bill) {

    /** The name with the digest instead of a tag: this image and never another one. */
    public String pinned() {
      return ImageBill.repository(name) + "@" + digest;
    }
  }

  private final ImageRequest request;
  private final Surroundings surroundings;

  private WorkerImage(ImageRequest request, Surroundings surroundings) {
    this.request = request;
    this.surroundings = surroundings;
  }

  /**
   * Makes it, and pushes or writes it.
   *
   * @param name of the image in a tar; one that is pushed has its reference
   * @throws ImageRefusedException when that cannot be; nothing was pushed or written then
   */
  public static Made make(ImageRequest request, String name, Surroundings surroundings)
      throws IOException, InterruptedException {
    ImageCache cache = new ImageCache(surroundings.cache());
    try (ImageCache.Scratch scratch = cache.scratch()) {
      String called =
          request.target() instanceof ImageRequest.Place.Registry pushed
              ? pushed.reference()
              : name;
      return new WorkerImage(request, surroundings).make(called, cache, scratch.folder());
    }
  }

  private Made make(String name, ImageCache cache, Path scratch)
      throws IOException, InterruptedException {
    ImageBill bill = request.bill() ? new ImageBill(request, distribution()) : null;
    Packing packing =
        new Packing(
            request,
            new Registries(surroundings.insecure(), surroundings.environment()),
            cache,
            scratch);
    Bases bases = new Bases(request, packing, cache);
    Set<@Nullable String> homes = bases.javaHomes();
    if (homes.size() > 1) {
      throw ImageRefusedException.request(
          "base "
              + request.base()
              + " keeps its Java in different places: "
              + homes
              + "; make one image for each --platform");
    }
    String home = homes.iterator().next();
    Jre jre = home == null ? added(cache) : null;
    if (jre != null) {
      bases.check(jre);
    }
    WorkerJars jars = new WorkerJars(surroundings.jars());
    List<FileEntriesLayer> layers = new ArrayList<>();
    if (jre != null) {
      layers.add(FileTree.layer("java", jre.folder(), Layout.JRE, "jlink", null));
    }
    layers.add(FileTree.layer("licences", licences(), Layout.HOME + "/licences"));
    layers.add(FileTree.layer("libraries", jars.others(), Layout.LIB));
    layers.add(FileTree.layer("piecework", jars.ours(), Layout.LIB));
    layers.add(FileTree.layer("flags", List.of(flags(jars, scratch)), Layout.HOME));
    Path classes = request.aot() ? classCache(jars, jre, bases, cache) : null;
    if (classes != null) {
      layers.add(FileTree.layer("classes", List.of(classes), Layout.HOME));
    }
    for (Addition addition :
        request.additions().stream().sorted(Comparator.comparing(Addition::path)).toList()) {
      FileEntriesLayer layer = layer(addition);
      sayForeignPrograms(addition, layer);
      layers.add(layer);
    }
    String java = (home == null ? Layout.JRE : home) + "/bin/java";
    String digest = packing.pack(layers, java, bases.haveLocale(), name);
    return new Made(
        name,
        digest,
        bytes(layers),
        home == null ? "added" : "base",
        classes != null,
        bill == null ? null : bill.text(name, digest, jre != null, layers));
  }

  private Path distribution() {
    return surroundings.jars().resolve("../..").normalize();
  }

  /** Who passes the jars on has to pass these on too. */
  private List<Path> licences() throws IOException {
    List<Path> files =
        new ArrayList<>(
            List.of(distribution().resolve("LICENSE"), distribution().resolve("NOTICE")));
    try (Stream<Path> texts = Files.list(distribution().resolve("licenses"))) {
      texts.sorted().forEach(files::add);
    }
    return files;
  }

  private FileEntriesLayer layer(Addition addition) {
    Path written = request.target() instanceof ImageRequest.Place.Tar tar ? tar.file() : null;
    String option = "--add " + addition.from();
    try {
      return FileTree.layer(
          "files " + addition.path(), addition.from(), addition.path(), option, written);
    } catch (IOException broken) {
      throw ImageRefusedException.surroundings(
          "--add " + addition.from() + ": cannot read all of it: " + broken.getMessage(), broken);
    }
  }

  /** It may be there for another image, with one for this machine beside it: so it is only said. */
  private void sayForeignPrograms(Addition addition, FileEntriesLayer layer) throws IOException {
    for (FileEntry entry : layer.getEntries()) {
      String machine = Elf.machine(entry.getSourceFile());
      if (machine != null
          && request.platforms().stream().noneMatch(one -> one.architecture().equals(machine))) {
        surroundings
            .notices()
            .accept(
                "--add "
                    + addition.from()
                    + ": "
                    + entry.getSourceFile()
                    + " is for "
                    + machine
                    + ", and will not run in an image for "
                    + String.join(
                        ", ",
                        request.platforms().stream().map(Machine::toString).sorted().toList()));
        return;
      }
    }
  }

  private Jre added(ImageCache cache) throws IOException, InterruptedException {
    Jre jre = null;
    List<Machine> foreignFirst =
        request.platforms().stream().sorted(Comparator.comparing(Machine::isHere)).toList();
    for (Machine machine : foreignFirst) {
      jre = Jre.link(request.base().toString(), machine, cache);
    }
    return java.util.Objects.requireNonNull(jre);
  }

  private static Path flags(WorkerJars jars, Path scratch) throws IOException {
    List<String> flags = new ArrayList<>(List.of("-XX:AOTCache=" + Layout.AOT));
    flags.addAll(Layout.javaFlags(Layout.LIB, jars.names()));
    Path file = scratch.resolve(Path.of(Layout.FLAGS).getFileName().toString());
    return Files.writeString(file, String.join("\n", flags) + "\n");
  }

  /** An image without it works as well, and starts more slowly: so whatever fails is only said. */
  private @Nullable Path classCache(
      WorkerJars jars, @Nullable Jre jre, Bases bases, ImageCache cache)
      throws InterruptedException {
    if (!request.platforms().stream().allMatch(Machine::isHere)) {
      surroundings
          .notices()
          .accept("without Java's cache of classes: it can be made for the machine here only");
      return null;
    }
    try {
      Jre own = jre == null ? bases.java() : jre;
      return ClassCache.record(own.folder(), own.id(), jars, cache, surroundings.rehearsal());
    } catch (IOException failed) {
      surroundings
          .notices()
          .accept(
              "without Java's cache of classes, so workers start more slowly: "
                  + failed.getMessage());
      return null;
    }
  }

  private static long bytes(List<FileEntriesLayer> layers) throws IOException {
    long bytes = 0;
    for (FileEntriesLayer layer : layers) {
      for (var entry : layer.getEntries()) {
        bytes += Files.isDirectory(entry.getSourceFile()) ? 0 : Files.size(entry.getSourceFile());
      }
    }
    return bytes;
  }
}
