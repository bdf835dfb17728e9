package dev.piecework.job.manifest;

/**
 * One thing that is wrong with a manifest.
 *
 * @param path of the field, as the API server writes it; may be empty
 * @param inSyntax whether the text cannot be read as what it should be, be it right or wrong for a
 *     Job
 */
public record Problem(int line, String path, String message, boolean inSyntax) {

  /** In a text that can be read. */
  public Problem(int line, String path, String message) {
    this(line, path, message, false);
  }

  static Problem notYaml(int line, String path, String what) {
    return new Problem(line, path, "not YAML: " + what, true);
  }

  /** {@code file:line: path: message}, one line whatever stands in the manifest. */
  public String in(String file) {
    String text = file + ":" + line + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
