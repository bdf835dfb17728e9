package dev.piecework.job.process;

import dev.piecework.job.manifest.PodTemplate;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a container finds its volumes. Nothing can be mounted at {@code /etc/app} without being
 * root, so the path is replaced by the folder wherever it stands in the command, the environment
 * and the working directory.
 */
final class Mounts {
  private record Replacement(Pattern path, String folder) {}

  private final List<Replacement> replacements;

  Mounts(List<PodTemplate.Mount> mounts, Path volumes) {
    replacements =
        mounts.stream()
            // The longer path first: it may lie in the other.
            .sorted(Comparator.comparingInt((PodTemplate.Mount m) -> -m.path().length()))
            .map(m -> new Replacement(pattern(m.path()), folder(m, volumes)))
            .toList();
  }

  String in(String text) {
    String replaced = text;
    for (Replacement r : replacements) {
      replaced = r.path().matcher(replaced).replaceAll(Matcher.quoteReplacement(r.folder()));
    }
    return replaced;
  }

  /** The path as a whole: neither /data2 nor /srv/data is in /data. */
  private static Pattern pattern(String path) {
    String plain = path.length() > 1 ? path.replaceFirst("/+$", "") : path;
    return Pattern.compile("(?<![\\w./-])" + Pattern.quote(plain) + "(?![\\w.-])");
  }

  private static String folder(PodTemplate.Mount mount, Path volumes) {
    return volumes.resolve(mount.volume()).resolve(mount.subPath()).normalize().toString();
  }
}
