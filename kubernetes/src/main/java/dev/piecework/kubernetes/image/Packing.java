package dev.piecework.kubernetes.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import dev.piecework.kubernetes.image.ImageRequest.Machine;
import dev.piecework.kubernetes.image.ImageRequest.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.logging.LogManager;
import java.util.stream.Collectors;

/** What Jib does for us: gets the base, packs layers, pushes or writes the image. */
final class Packing {

  private final ImageRequest request;
  private final Registries registries;
  private final ImageCache cache;
  private final Path scratch;

  /**
   * @param scratch a folder of this build alone
   */
  Packing(ImageRequest request, Registries registries, ImageCache cache, Path scratch) {
    this.request = request;
    this.registries = registries;
    this.cache = cache;
    this.scratch = scratch;
    // The HTTP client tells the console of every refused connection; we say it in one line.
    LogManager.getLogManager().reset();
  }

  /** The base for this machine, in a file. */
  BaseImage base(Machine machine) throws IOException, InterruptedException {
    return new BaseImage(request.base().toString(), baseTar(machine));
  }

  private Path baseTar(Machine machine) throws IOException, InterruptedException {
    return switch (request.base()) {
      case Place.Tar tar -> tar.file();
      case Place.Registry registry -> {
        Path file = scratch.resolve("base-" + machine.architecture() + ".tar");
        if (!Files.exists(file)) {
          JibContainerBuilder plain =
              Jib.from(registries.image(registry)).setPlatforms(Set.of(platform(machine)));
          String doing = "cannot get the base " + registry;
          build(plain, tar(file, "base"), registries.mayBePlain(registry), doing, registry);
        }
        yield file;
      }
    };
  }

  private static Platform platform(Machine machine) {
    return new Platform(machine.architecture(), "linux");
  }

  /**
   * Makes the image.
   *
   * @param java the Java in it that runs a worker
   * @param hasLocale whether the base says how text is encoded
   * @return its digest
   */
  String pack(List<FileEntriesLayer> layers, String java, boolean hasLocale, String name)
      throws IOException, InterruptedException {
    JibContainerBuilder image =
        from()
            .setPlatforms(
                request.platforms().stream()
                    .map(Packing::platform)
                    .collect(Collectors.toCollection(LinkedHashSet::new)))
            .setFileEntriesLayers(layers)
            .setCreationTime(Instant.EPOCH)
            .setUser(Layout.USER)
            .setEntrypoint(java, "@" + Layout.FLAGS, Layout.MAIN)
            .addLabel("org.opencontainers.image.title", "piecework worker")
            // User 65532 has no home of its own, and / is no place to write to.
            .addEnvironmentVariable("HOME", "/tmp")
            .addEnvironmentVariable("PIECEWORK_TERMINATION_LOG", "/dev/termination-log");
    if (!hasLocale) {
      // Else Java takes arguments and file names for ASCII, and would harm a payload that is more.
      image.addEnvironmentVariable("LC_ALL", "C.UTF-8");
    }
    if (!request.additions().isEmpty()) {
      image.setWorkingDirectory(AbsoluteUnixPath.get(request.additions().getFirst().path()));
    }
    return switch (request.target()) {
      case Place.Registry registry ->
          build(
              image,
              Containerizer.to(registries.image(registry)),
              registries.mayBePlain(registry),
              "cannot push " + registry,
              registry);
      case Place.Tar tar -> {
        Path written = scratch.resolve("image.tar");
        String digest =
            build(image, tar(written, name), mayBasePlain(), "cannot write " + tar, request.base());
        move(written, tar.file());
        yield digest;
      }
    };
  }

  /**
   * The base where it is, so that a registry that has its layers need not get them from us. But a
   * base that came over TLS is not asked for once more by a build that may do without, for its
   * target's sake; a file can stand for it, if it is for one kind of machine.
   */
  private JibContainerBuilder from() throws IOException, InterruptedException {
    return switch (request.base()) {
      case Place.Tar tar -> Jib.from(TarImage.at(tar.file()));
      case Place.Registry registry -> {
        boolean lessSafe =
            registries.mayBePlain(request.target()) && !registries.mayBePlain(registry);
        yield lessSafe && request.platforms().size() == 1
            ? Jib.from(TarImage.at(baseTar(request.platforms().iterator().next())))
            : Jib.from(registries.image(registry));
      }
    };
  }

  private boolean mayBasePlain() {
    return registries.mayBePlain(request.base());
  }

  private static Containerizer tar(Path file, String name) {
    try {
      return Containerizer.to(TarImage.at(file).named(name));
    } catch (InvalidImageReferenceException wrong) {
      throw ImageRefusedException.request(
          "'" + name + "' is no image's name; one looks like piecework-worker:1");
    }
  }

  /**
   * @param asked whose registry is spoken to, for people
   */
  private String build(
      JibContainerBuilder image, Containerizer to, boolean plain, String doing, Place asked)
      throws IOException, InterruptedException {
    if (plain) {
      System.setProperty("sendCredentialsOverHttp", "true");
    } else {
      System.clearProperty("sendCredentialsOverHttp");
    }
    to.setToolName("piecework")
        .setAllowInsecureRegistries(plain)
        .setBaseImageLayersCache(cache.layers().resolve("base"))
        .setApplicationLayersCache(cache.layers().resolve("application"));
    String registry =
        asked instanceof Place.Registry named ? named.parsed().getRegistry() : "the registry";
    try {
      return image.containerize(to).getDigest().toString();
    } catch (CacheDirectoryCreationException broken) {
      throw ImageRefusedException.surroundings("cannot write to " + cache.layers(), broken);
    } catch (RegistryException | ExecutionException | IOException failed) {
      throw RegistryTrouble.of(doing, registry, failed);
    }
  }

  /** It appears whole or not at all; the scratch folder may be on another file system. */
  private static void move(Path from, Path to) throws IOException {
    Path beside = to.resolveSibling("." + to.getFileName() + "." + ProcessHandle.current().pid());
    try {
      Files.move(from, beside, StandardCopyOption.REPLACE_EXISTING);
      Files.move(beside, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failed) {
      Files.deleteIfExists(beside);
      throw ImageRefusedException.surroundings(
          "cannot write " + to + ": " + failed.getClass().getSimpleName(), failed);
    }
  }
}
