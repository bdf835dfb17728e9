package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is put into a command: docs/commands.md. */
class PlacesIT {

  private static final String ODD =
      "a b.txt\nit's\n$(touch gone)\n-n\n\"\\\"\nx/y.tar.gz\n\u00e4;`id`\n* ?\n{id}\n~\n";

  @RegisterExtension final Piecework piecework = new Piecework();

  /** Guards the quoting: a shell that is given the lines does what the run does. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-- printf <%s> {} {/} {//} {.} {/.} {id} {attempt}",
        "-I X -- printf <%s|%s> {} X",
        "--stdin -- cat -A",
        "--batch 3 -- printf <%s> {}",
        "--sh printf${IFS}[%s]${IFS}\"$1\"",
      })
  void whatADryRunPrintsDoesWhatTheRunDoes(String words) throws Exception {
    String list = piecework.write("list", ODD).toString();
    List<String> run = new ArrayList<>(List.of("run", "--from", list, "--in-order", "-p", "1"));
    run.addAll(List.of(words.split(" ")));
    Piecework.Ended plan = dry(run);
    assertThat(piecework.file("state")).doesNotExist();
    piecework.write("plan", plan.out());

    String byShell = piecework.startProgram("sh", "plan").end().expect(0).out();
    String byUs = piecework.here(run.toArray(String[]::new)).expect(0).out();

    assertThat(byUs.replace("\n", "")).isEqualTo(byShell.replace("\n", ""));
    assertThat(piecework.file("gone")).doesNotExist();
  }

  private Piecework.Ended dry(List<String> run) throws Exception {
    List<String> all = new ArrayList<>(run);
    all.add(1, "--dry-run");
    return piecework.here(all.toArray(String[]::new)).expect(0);
  }

  @Test
  void commandsThatRunAtOnceHaveDifferentSlots() throws Exception {
    // Each waits for the other's file.
    String meet =
        "echo $PIECEWORK_SLOT $1 >>slots; touch here$PIECEWORK_SLOT;"
            + " until [ -e here1 ] && [ -e here2 ]; do sleep 0.01; done";
    piecework.write("list", "a\nb\n");
    piecework
        .run("run", "--from", "list", "-p", "2", "--", "sh", "-c", meet, "sh", "{slot}")
        .expect(0);
    assertThat(Files.readAllLines(piecework.file("slots"))).containsExactlyInAnyOrder("1 1", "2 2");
  }
}
