package dev.piecework.kubernetes.image;

import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import dev.piecework.kubernetes.image.ImageRequest.Place;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How registries are spoken to: with the credentials that Docker or Podman keep, over TLS. */
final class Registries {

  private final boolean insecure;
  private final Map<String, String> environment;

  /**
   * @param insecure whether the user allows plain HTTP, and certificates that nobody vouches for
   * @param environment this process's
   */
  Registries(boolean insecure, Map<String, String> environment) {
    this.insecure = insecure;
    this.environment = environment;
  }

  /** As Docker has it: on this machine itself nobody listens in. */
  boolean mayBePlain(Place place) {
    return switch (place) {
      case Place.Registry registry -> insecure || isLoopback(registry.parsed().getRegistry());
      case Place.Tar tar -> false;
    };
  }

  private static boolean isLoopback(String registry) {
    String host = registry.replaceFirst(":\\d+$", "");
    return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d+){3}");
  }

  /**
   * A registry's image, with whatever credentials there are for it.
   *
   * @throws ImageRefusedException when there is no such host: Jib would look for it for a minute
   */
  RegistryImage image(Place.Registry place) {
    ImageReference reference = place.parsed();
    requireHost(place);
    RegistryImage image = RegistryImage.named(reference);
    CredentialRetrieverFactory found =
        CredentialRetrieverFactory.forImage(reference, said -> {}, environment);
    for (Path file : credentialFiles()) {
      if (Files.isReadable(file)) {
        image.addCredentialRetriever(found.dockerConfig(file));
      }
    }
    image.addCredentialRetriever(found.wellKnownCredentialHelpers());
    return image;
  }

  private static void requireHost(Place.Registry place) {
    if (System.getProperty("https.proxyHost") != null) {
      return; // It is for the proxy to find it.
    }
    String registry = place.parsed().getRegistry();
    try {
      var _ = InetAddress.getByName(registry.replaceFirst(":\\d+$", ""));
    } catch (UnknownHostException unknown) {
      throw ImageRefusedException.surroundings(
          place + ": there is no host " + registry + ", or no network to find it in", unknown);
    }
  }

  private List<Path> credentialFiles() {
    List<Path> files = new ArrayList<>();
    add(files, "REGISTRY_AUTH_FILE", "");
    add(files, "DOCKER_CONFIG", "config.json");
    add(files, "HOME", ".docker/config.json");
    add(files, "XDG_RUNTIME_DIR", "containers/auth.json");
    return files;
  }

  private void add(List<Path> files, String variable, String below) {
    String value = environment.getOrDefault(variable, "");
    if (!value.isBlank()) {
      files.add(Path.of(value).resolve(below));
    }
  }
}
