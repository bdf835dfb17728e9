package dev.piecework.cli.followup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.Result;
import dev.piecework.WorkQueue;
import dev.piecework.cli.results.JsonRows;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a run that is drained: those of its results file, or those that Redis holds.
 *
 * @param file of JSON lines, which may have other runs too; null for Redis
 */
record FollowUpResults(WorkQueue queue, @Nullable Path file) {

  /** Writes all; answers how many are of what is done. */
  long writeTo(OutputStream stdin) throws IOException {
    String run = queue.run().orElse("");
    try (OutputStream out = new BufferedOutputStream(stdin, 1 << 16)) {
      return file == null ? fromRedis(out, run) : fromFile(out, file, run);
    }
  }

  private long fromRedis(OutputStream out, String run) throws IOException {
    JsonRows rows = new JsonRows(out, run);
    try (Stream<Result> results = queue.results()) {
      for (Result result : (Iterable<Result>) results::iterator) {
        rows.accept(result);
      }
    }
    rows.takeDead(queue);
    return rows.done();
  }

  // The run is the last field of a row, as we write it.
  private static long fromFile(OutputStream out, Path file, String run) throws IOException {
    String ofRun = "\"run\":\"" + run + "\"}";
    long done = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.endsWith(ofRun)) {
          out.write(line.getBytes(UTF_8));
          out.write('\n');
          done += line.contains("\"state\":\"done\"") ? 1 : 0;
        }
      }
    }
    return done;
  }
}
