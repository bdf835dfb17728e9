package dev.piecework.job.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What pods print: a file for each, and each line with the pod's name on the terminal. */
final class PodLogs {
  private final Path folder;
  private final boolean several;
  private final Consumer<String> lines;
  private final Map<String, Writer> files = new ConcurrentHashMap<>();
  private final Map<String, Thread> readers = new ConcurrentHashMap<>();

  /**
   * @param several whether a pod has several containers, which are then named too
   * @param lines told every line, from one thread at a time
   */
  PodLogs(Path folder, boolean several, Consumer<String> lines) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.several = several;
    this.lines = lines;
  }

  /** Reads what a container prints until it ends. */
  void follow(String pod, String container, InputStream output) {
    Thread reader =
        Thread.ofPlatform()
            .daemon()
            .name("log of " + pod)
            .unstarted(() -> read(pod, container, output));
    readers.put(pod + "/" + container, reader);
    reader.start();
  }

  private void read(String pod, String container, InputStream output) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
      String line;
      while ((line = reader.readLine()) != null) {
        say(pod, container, line);
      }
    } catch (IOException closed) {
      // The process was killed while it wrote.
    }
  }

  /** One line of a container. */
  synchronized void say(String pod, String container, String line) {
    try {
      Writer file = files.computeIfAbsent(pod, this::open);
      file.write(several ? container + ": " + line + "\n" : line + "\n");
      file.flush();
    } catch (IOException e) {
      lines.accept("[" + pod + "] the next line is not in its log: " + e.getMessage());
    }
    lines.accept("[" + pod + (several ? "/" + container : "") + "] " + line);
  }

  private Writer open(String pod) {
    try {
      return Files.newBufferedWriter(folder.resolve(pod + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pod is over: waits a moment for its last lines. */
  void over(String pod) {
    readers
        .entrySet()
        .removeIf(entry -> {
          if (!entry.getKey().startsWith(pod + "/")) {
            return false;
          }
          try {
            entry.getValue().join(1000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return true;
        });
    synchronized (this) {
      try {
        Writer file = files.remove(pod);
        if (file != null) {
          file.close();
        }
      } catch (IOException e) {
        lines.accept("[" + pod + "] its log may lack its end: " + e.getMessage());
      }
    }
  }
}
