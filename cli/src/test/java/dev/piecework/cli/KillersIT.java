package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KillersIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  @Test
  void aBatchWithOneItemThatKillsItsWorkerEndsWithOneDead() throws Exception {
    String input =
        IntStream.rangeClosed(1, 1_000)
            .mapToObj(String::valueOf)
            .collect(Collectors.joining("\n", "", "\n"));
    piecework.runWith(input, "fill", "q", "--losses", "2", "--lapse", "1s").expect(0);
    // A call takes a whole batch; the worker's process id is in the file.
    String killer = "for i; do [ $i != 500 ] || { kill -9 $(cat pid); sleep 60; }; echo $i; done";
    int killed = 0;
    int code = 137;
    while (code == 137 && killed < 6) {
      Piecework.Started worker =
          piecework.startProgram(
              "sh",
              "-c",
              "echo $$ > pid; exec \"$PIECEWORK\" work q --slots 1 --batch 1000 --sh '"
                  + killer
                  + "'");
      code = worker.end().code();
      killed += code == 137 ? 1 : 0;
    }

    assertThat(code).isZero();
    // Only what it does when it is alone counts against it.
    assertThat(killed).isBetween(2, 3);
    assertThat(piecework.here("status", "q").out()).contains("999 done, 1 dead");
    assertThat(piecework.here("items", "q", "--state", "dead").out())
        .contains("500", "workers lost");
    assertThat(Files.exists(piecework.file("pid"))).isTrue();
  }
}
