package dev.piecework.job.manifest;

import java.util.List;
import java.util.stream.Collectors;

/** A manifest was refused; its message has one line for each problem. */
public final class ManifestException extends Exception {
  private static final long serialVersionUID = 1;

  ManifestException(String file, List<Problem> problems) {
    super(problems.stream().map(p -> p.in(file)).collect(Collectors.joining("\n")));
  }
}
