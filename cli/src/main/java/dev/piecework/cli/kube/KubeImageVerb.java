package dev.piecework.cli.kube;

import dev.piecework.cli.output.Figures;
import dev.piecework.cli.output.Json;
import dev.piecework.cli.output.OutputOption;
import dev.piecework.cli.output.WholeFile;
import dev.piecework.cli.verb.ExitCode;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Terminal;
import dev.piecework.cli.verb.Verb;
import dev.piecework.embedded.UserFolders;
import dev.piecework.kubernetes.image.ImageRefusedException;
import dev.piecework.kubernetes.image.ImageRequest;
import dev.piecework.kubernetes.image.ImageRequest.Addition;
import dev.piecework.kubernetes.image.ImageRequest.Machine;
import dev.piecework.kubernetes.image.ImageRequest.Place;
import dev.piecework.kubernetes.image.WorkerImage;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    customSynopsis = "piecework kube image (--to REF | --tar FILE) [OPTIONS]",
    footer = {
      "",
      "No Docker is needed, here or where it is pushed. What a container of it is given as arguments",
      "are the words of a verb, such as: work job2 -- ./worker.sh {}",
      "It runs as user 65532, in the folder of the first --add.",
      "",
      "Example:",
      "  piecework kube image --to registry.example.com/team/worker:1 --add ./scripts",
      "  piecework kube image --tar worker.tar --base python:3.13-slim --add .:/app"
    })
public final class KubeImageVerb extends Verb {

  @Option(
      names = "--to",
      paramLabel = "REF",
      description = "Push it there, with the credentials of docker login or podman login.")
  @Nullable String to;

  @Option(
      names = "--tar",
      paramLabel = "FILE",
      description = "Write it to a file, for docker load, kind load, minikube image load.")
  @Nullable Path tar;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What the image in the tar is called; default piecework-worker:local.")
  String name = "piecework-worker:local";

  @Option(
      names = "--base",
      paramLabel = "REF|tar://FILE",
      description =
          "What it stands on: any image with glibc and a shell; default eclipse-temurin:25-jre."
              + " Where it has no Java 25, one is added.")
  String base = "eclipse-temurin:25-jre";

  @Option(
      names = "--add",
      paramLabel = "DIR[:/path]",
      description = "A folder or file of yours, by default in /app; may be repeated.")
  List<String> additions = List.of();

  @Option(
      names = "--platform",
      paramLabel = "linux/ARCH",
      description = "linux/amd64, linux/arm64, or both with a comma; default this machine's.")
  List<String> platforms = List.of();

  @Option(
      names = "--no-aot",
      description =
          "Leave out Java's cache of classes, the one layer that is not the same wherever it is made.")
  boolean noAot;

  @Option(
      names = "--sbom",
      paramLabel = "FILE",
      description =
          "Write what it is made of, in CycloneDX's JSON: jars, licences, Java, your files.")
  @Nullable Path sbom;

  @Option(
      names = "--digest-file",
      paramLabel = "FILE",
      description =
          "Write REPOSITORY@sha256:... of the pushed image, as cosign and manifests take it.")
  @Nullable Path digestFile;

  @Option(
      names = "--insecure",
      description = "Registries may be without TLS; those on this machine always may.")
  boolean insecure;

  @Mixin OutputOption output = new OutputOption();

  @Override
  public ExitCode run(Terminal terminal) throws Exception {
    long start = System.nanoTime();
    check();
    WorkerImage.Made made;
    try {
      ImageRequest request =
          new ImageRequest(
              Place.parse(base),
              target(),
              additions.stream().map(Addition::parse).toList(),
              Machine.parseAll(platforms),
              !noAot,
              sbom != null);
      made =
          WorkerImage.make(
              request,
              name,
              new WorkerImage.Surroundings(
                  ownJars(),
                  cacheFolder().resolve("image"),
                  terminal.environment(),
                  insecure,
                  new WorkerRehearsal(),
                  terminal::say));
    } catch (ImageRefusedException refused) {
      throw new Refusal(
          switch (refused.fault()) {
            case REQUEST -> ExitCode.USAGE;
            case SURROUNDINGS -> ExitCode.OURS;
          },
          String.valueOf(refused.getMessage()),
          refused);
    }
    if (sbom != null) {
      new WholeFile(sbom).write("the bill of materials", String.valueOf(made.bill()));
    }
    if (digestFile != null) {
      new WholeFile(digestFile).write("the digest", made.pinned() + "\n");
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    output.print(
        terminal,
        json -> {
          json.writeStringProperty("image", made.name());
          json.writeStringProperty("digest", made.digest());
          json.writeStringProperty("base", base);
          json.writeStringProperty("java", made.java());
          json.writeBooleanProperty("aot", made.classCache());
          json.writeNumberProperty("bytesBeyondBase", made.beyondBase());
          Json.seconds(json, "seconds", took);
        },
        () ->
            made.name()
                + "@"
                + made.digest()
                + (tar == null ? " pushed" : " in " + tar)
                + "; "
                + (made.beyondBase() + 999_999) / 1_000_000
                + " MB beyond "
                + base
                + ", "
                + Figures.time(took));
    return ExitCode.DONE;
  }

  private Place target() {
    if ((to == null) == (tar == null)) {
      throw Refusal.usage(
          "say where it goes: --to REF pushes it, --tar FILE writes it (one of both)");
    }
    return tar == null ? new Place.Registry(String.valueOf(to)) : new Place.Tar(tar);
  }

  /** What cannot be written is known before anything is made. */
  private void check() {
    check("--tar", tar);
    if (tar != null && Files.exists(tar) && !Files.isRegularFile(tar)) {
      throw Refusal.usage(
          "--tar " + tar + " is no regular file: a tar is written whole, and renamed");
    }
    check("--sbom", sbom);
    check("--digest-file", digestFile);
    if (digestFile != null && to == null) {
      throw Refusal.usage(
          "--digest-file goes with --to: an image in a tar has its digest in a registry when it is"
              + " pushed there");
    }
  }

  private static void check(String option, @Nullable Path file) {
    if (file != null) {
      new WholeFile(file).check(option);
    }
  }

  /**
   * The folder of the distribution's jars, which this class is in one of. Its code source does not
   * say which: that has no location when the class comes from the start-up cache.
   */
  private static Path ownJars() {
    URL self = KubeImageVerb.class.getResource("KubeImageVerb.class");
    try {
      if (self != null && self.openConnection() instanceof JarURLConnection jar) {
        Path folder = Path.of(jar.getJarFileURL().toURI()).getParent();
        if (folder != null) {
          return folder;
        }
      }
      throw new Refusal(ExitCode.OURS, "not started from a distribution but from " + self);
    } catch (IOException | URISyntaxException never) {
      throw new IllegalStateException(never);
    }
  }

  private static Path cacheFolder() throws IOException {
    Path folder = UserFolders.ofThisUser().cache();
    try {
      return Files.createDirectories(folder);
    } catch (IOException refused) {
      throw new Refusal(
          ExitCode.OURS, "cannot write to " + folder + "; name another folder in XDG_CACHE_HOME");
    }
  }
}
