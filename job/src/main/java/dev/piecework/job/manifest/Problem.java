package dev.piecework.job.manifest;

/**
 * One thing that is wrong with a manifest.
 *
 * @param path of the field, as the API server writes it; may be empty
 */
public record Problem(int line, String path, String message) {
  /** {@code file:line: path: message}, one line whatever stands in the manifest. */
  public String in(String file) {
    String text = file + ":" + line + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
