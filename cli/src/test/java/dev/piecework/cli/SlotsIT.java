package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How many slots a worker has is changed while it runs. */
class SlotsIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  private long begun() {
    try (Stream<java.nio.file.Path> files = Files.list(piecework.file("begun"))) {
      return files.count();
    } catch (IOException cannotList) {
      throw new UncheckedIOException(cannotList);
    }
  }

  private void awaitBegun(int commands) {
    await().atMost(Piecework.TIMEOUT).until(() -> begun() == commands);
  }

  @Test
  @Tag("process")
  void setAndTheFileChangeAWorkerThatRuns() throws Exception {
    Files.createDirectory(piecework.file("begun"));
    piecework.write("slots", "1\n");
    piecework.here("fill", "q", "--lease-timeout", "1s", ":::", "a", "b", "c", "d", "e").expect(0);
    piecework.with("SCRIPT", "touch 'begun/'\"$1\"; while [ ! -e go ]; do sleep 0.05; done");
    var worker =
        piecework.startProgram(
            "bash",
            "-c",
            "ulimit -n 256; exec \"$PIECEWORK\" work q --name node7 --slots-file slots"
                + " --sh \"$SCRIPT\"");
    awaitBegun(1);
    String said = piecework.here("set", "q@node7", "slots=3").expect(0).out();
    assertThat(said).contains("node7 works in 3 slots");
    awaitBegun(3);
    piecework.write("slots", "4\n");
    awaitBegun(4);
    // The new slot may begin before the queue is told of it.
    await()
        .atMost(Piecework.TIMEOUT)
        .untilAsserted(() ->
            assertThat(piecework.here("status", "q", "-o", "json").expect(0).out())
                .contains("\"slots\":4"));
    piecework.write("slots", "some\n");
    worker.awaitErr("going on in 4 slots");
    piecework.write("slots", "300\n");
    worker.awaitErr("300 slots would need");
    worker.awaitErr("slots from now on");

    refused("did you mean 'node7'?", "q@node8", "slots=2");
    refused("0 is not 1 to 10,000", "q@node7", "slots=0");
    refused("attempts belongs to the queue", "q@node7", "attempts=2");
    refused("slots belongs to a worker", "q", "slots=2");
    piecework.write("go", "");
    worker.end().expect(0);
    refused("nobody works on it", "q@node7", "slots=2");
  }

  private void refused(String why, String... words) throws Exception {
    String[] all = Stream.concat(Stream.of("set"), Stream.of(words)).toArray(String[]::new);
    assertThat(piecework.here(all).expect(2).err()).contains(why).hasLineCount(1);
  }

  @Test
  void aFileThatSaysNothingIsRefused() throws Exception {
    String file = piecework.write("slots", "many\n").toString();
    var run = piecework.here("run", "--slots-file", file, "--", "true", ":::", "a").expect(2);
    assertThat(run.err()).contains("'many' is neither a number").hasLineCount(1);
    var none =
        piecework.here("run", "--slots-file", file + "x", "--", "true", ":::", "a").expect(2);
    assertThat(none.err()).contains("cannot be read").hasLineCount(1);
    var both =
        piecework.here("run", "-p", "2", "--slots-file", file, "--", "true", ":::", "a").expect(2);
    assertThat(both.err()).contains("leave out --slots").hasLineCount(1);
  }
}
