package dev.piecework.kubernetes.image;

import dev.piecework.kubernetes.image.ImageRequest.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The base image for each kind of machine, looked into and found fit. */
final class Bases {

  private static final JsonMapper JSON = new JsonMapper();

  /** By which a base was looked at: other rules see something else in the same base. */
  private static final String RULES =
      BaseImage.sha256("3 " + BaseLook.JAVA + " " + BaseLook.MODULES).substring(0, 8);

  private final Map<String, BaseLook> looks = new TreeMap<>();
  private final String name;
  private final Packing packing;
  private final ImageCache cache;

  /**
   * @throws ImageRefusedException when no worker could run on one of them
   */
  Bases(ImageRequest request, Packing packing, ImageCache cache)
      throws IOException, InterruptedException {
    this.name = request.base().toString();
    this.packing = packing;
    this.cache = cache;
    for (Machine machine : request.platforms()) {
      try (BaseImage image = packing.base(machine)) {
        // A large base takes a minute to read.
        Path look =
            cache.part(
                "looks/" + image.id() + "-" + RULES + ".json",
                place -> Files.write(place, JSON.writeValueAsBytes(image.look())));
        BaseLook found = JSON.readValue(Files.readAllBytes(look), BaseLook.class);
        found.check(name, machine);
        looks.put(machine.architecture(), found);
      }
    }
  }

  /** Where their Java is; one null for those without. */
  Set<@Nullable String> javaHomes() {
    Set<@Nullable String> homes = new HashSet<>();
    looks.values().forEach(look -> homes.add(look.javaHome()));
    return homes;
  }

  /**
   * That a Java which is put beside them starts there.
   *
   * @throws ImageRefusedException when on one of them it would not
   */
  void check(Jre added) throws IOException {
    for (BaseLook look : looks.values()) {
      look.checkAdded(name, added);
    }
  }

  boolean haveLocale() {
    return looks.values().stream().allMatch(BaseLook::locale);
  }

  /** The Java of the base for this machine, taken out so that it can be run here. */
  Jre java() throws IOException, InterruptedException {
    Machine here = Machine.here();
    String home = Objects.requireNonNull(looks.get(here.architecture())).javaHome();
    try (BaseImage image = packing.base(here)) {
      String id = image.id();
      Path folder =
          cache.part(
              "java/" + id.substring(0, 16),
              place -> {
                Files.createDirectory(place);
                image.extract(Objects.requireNonNull(home), place);
              });
      return new Jre(folder, id);
    }
  }
}
