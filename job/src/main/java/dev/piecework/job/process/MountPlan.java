package dev.piecework.job.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done in a new mount namespace so that volumes are where a container expects them.
 *
 * <p>A mount needs something to be mounted on. Where the machine has nothing at a path, the folder
 * that should hold it is opened: replaced by one in which its entries are bound, and which is
 * read-only, so that nothing can be written there that would be gone afterwards.
 */
final class MountPlan {
  private record Step(PodVolumes.Mounted mounted, Path target, @Nullable Path missingIn) {}

  private final List<Step> steps;

  private MountPlan(List<Step> steps) {
    this.steps = steps;
  }

  static MountPlan of(List<PodVolumes.Mounted> mounts) throws IOException {
    List<Step> steps = new ArrayList<>();
    for (PodVolumes.Mounted mounted : mounts) {
      steps.add(step(mounted));
    }
    // What lies in another volume is mounted after it.
    steps.sort(Comparator.comparingInt(step -> step.target().getNameCount()));
    for (Step outer : steps) {
      for (Step inner : steps) {
        refuseALinkOut(outer, inner);
      }
    }
    return new MountPlan(steps);
  }

  /**
   * To mount on what lies in a volume follows the links in it, and would make folders elsewhere.
   */
  private static void refuseALinkOut(Step outer, Step inner) throws IOException {
    Path source = outer.mounted().source();
    if (!inner.target().equals(outer.target())
        && inner.target().startsWith(outer.target())
        && PodVolumes.leadsOut(source, source.resolve(outer.target().relativize(inner.target())))) {
      throw new IOException(
          "mountPath "
              + inner.mounted().path()
              + " leads over a link out of the volume at "
              + outer.mounted().path());
    }
  }

  private static Step step(PodVolumes.Mounted mounted) throws IOException {
    Path existing = mounted.path();
    while (!Files.exists(existing)) {
      if (Files.isSymbolicLink(existing)) {
        throw new IOException(mounted.path() + " leads over a link to nowhere: " + existing);
      }
      existing = existing.resolve("..").normalize();
    }
    Path real = existing.toRealPath();
    Path target = real.resolve(existing.relativize(mounted.path()));
    return new Step(mounted, target, target.equals(real) ? null : real);
  }

  /** Folders of this machine that lack something on which a volume is to be mounted. */
  Set<Path> lacking() {
    Set<Path> all = new LinkedHashSet<>();
    for (Step step : steps) {
      Path missing = step.missingIn();
      if (missing != null && !isInAVolume(missing)) {
        all.add(missing);
      }
    }
    return all;
  }

  /** What is missing in a folder, and whether it is to be a folder itself. */
  List<Missing> missingIn(Path folder) {
    return steps.stream()
        .filter(step -> folder.equals(step.missingIn()))
        .map(step -> new Missing(step.target(), Files.isDirectory(step.mounted().source())))
        .toList();
  }

  /** A path at which the machine has nothing. */
  record Missing(Path path, boolean folder) {}

  /** Whether a path of this machine is hidden by a volume. */
  boolean hides(Path path) {
    return steps.stream().anyMatch(step -> path.startsWith(step.target()));
  }

  /** Whether a volume that can be written to is mounted above a path of this machine. */
  boolean isBelowAVolume(Path path) {
    return steps.stream()
        .anyMatch(step ->
            path.startsWith(step.target())
                && !path.equals(step.target())
                && !step.mounted().readOnly());
  }

  private boolean isInAVolume(Path path) {
    return steps.stream().anyMatch(step -> path.startsWith(step.target()));
  }

  /** Words for {@link MountNamespace}. */
  List<String> words() {
    List<String> words = new ArrayList<>(List.of("open", ""));
    List<Path> opened =
        lacking().stream()
            .filter(folder -> folder.getNameCount() > 0)
            .sorted(Comparator.comparingInt(Path::getNameCount))
            .toList();
    opened.forEach(folder -> words.addAll(List.of("open", folder.toString())));
    for (Step step : steps) {
      words.addAll(List.of("bind", step.mounted().source().toString(), step.target().toString()));
    }
    for (Step step : steps) {
      if (step.mounted().readOnly()) {
        words.addAll(List.of("seal", step.target().toString()));
      }
    }
    opened.forEach(folder -> words.addAll(List.of("seal", folder.toString())));
    return words;
  }
}
