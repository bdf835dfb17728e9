package dev.piecework.job.process;

import dev.piecework.job.manifest.PodTemplate;
import dev.piecework.job.run.Containers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The volumes of pods: a folder each, which begins with what the manifest puts into it. */
final class PodVolumes {
  private final List<PodTemplate.Volume> volumes;
  private final PodFields fields;

  PodVolumes(List<PodTemplate.Volume> volumes, PodFields fields) {
    this.volumes = volumes;
    this.fields = fields;
  }

  /** Makes those of a pod that are not there yet. */
  void make(Containers.Created pod, Path folder) throws IOException {
    for (PodTemplate.Volume volume : volumes) {
      Path root = folder.resolve(volume.name());
      if (Files.exists(root)) {
        continue;
      }
      // What is there is whole: a disk that is full leaves a part, and the container begins again.
      Path part = folder.resolve("." + volume.name() + ".part");
      RunFolder.delete(part);
      Files.createDirectories(part);
      for (PodTemplate.VolumeFile file : volume.files()) {
        Path path = part.resolve(file.path());
        Files.createDirectories(path.resolve("..").normalize());
        Files.write(path, fields.bytes(file.content(), pod));
        Files.setPosixFilePermissions(path, permissions(file.mode()));
      }
      Files.move(part, root, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /**
   * What is mounted: the folder of the volume, or what is below it.
   *
   * @param variables of the container, by which a subPathExpr expands
   * @throws IOException when it would lead out of the volume
   */
  Mounted mounted(PodTemplate.Mount mount, Path folder, Map<String, String> variables)
      throws IOException {
    Path root = folder.resolve(mount.volume());
    String below =
        mount.subPathExpands() ? Expansion.of(mount.subPath(), variables) : mount.subPath();
    Path source = root.resolve(below.replaceFirst("^/+", "")).normalize();
    if (leadsOut(root, source)) {
      throw new IOException("subPath " + below + " leads out of volume " + mount.volume());
    }
    if (!Files.exists(source)) {
      Files.createDirectories(source);
    }
    boolean readOnly =
        mount.readOnly()
            || volumes.stream().anyMatch(v -> v.name().equals(mount.volume()) && v.readOnly());
    return new Mounted(source.toRealPath(), Path.of(mount.path()), readOnly);
  }

  /**
   * Whether a path below a folder is elsewhere, or would be once it is made: whoever shares the
   * volume may have put a link there.
   */
  static boolean leadsOut(Path root, Path path) throws IOException {
    if (!path.startsWith(root)) {
      return true;
    }
    Path existing = path;
    while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
      existing = existing.resolve("..").normalize();
    }
    try {
      return !existing.toRealPath().startsWith(root.toRealPath());
    } catch (NoSuchFileException toNowhere) {
      return true;
    }
  }

  /** Something of a volume, and where the container is to find it. */
  record Mounted(Path source, Path path, boolean readOnly) {}

  private static Set<PosixFilePermission> permissions(int mode) {
    // Named from the owner's reading to the others' running, as the bits are.
    PosixFilePermission[] all = PosixFilePermission.values();
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < all.length; bit++) {
      if ((mode & (0400 >> bit)) != 0) {
        set.add(all[bit]);
      }
    }
    return set;
  }
}
