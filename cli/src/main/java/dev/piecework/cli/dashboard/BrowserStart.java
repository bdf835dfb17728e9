package dev.piecework.cli.dashboard;

import dev.piecework.cli.verb.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Opens a page in this machine's browser, by a file that only its owner can read and that leads to
 * the page: everybody can see the words that a process was started with, and the address has the
 * token in it.
 */
record BrowserStart(Path file) implements AutoCloseable {

  static BrowserStart with(String url, Terminal terminal) throws IOException {
    Path file = Files.createTempFile("piecework-", ".html");
    Files.writeString(
        file,
        "<!doctype html><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\">"
            + "<meta http-equiv=\"refresh\" content=\"0; url="
            + url
            + "\"><title>Piecework</title>");
    String opener = System.getProperty("os.name", "").startsWith("Mac") ? "open" : "xdg-open";
    try {
      Process _ =
          new ProcessBuilder(List.of(opener, file.toString()))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException none) {
      terminal.say("there is no " + opener + " here to open a browser with: open the address");
    }
    return new BrowserStart(file);
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException stays) {
      throw new UncheckedIOException(stays);
    }
  }
}
