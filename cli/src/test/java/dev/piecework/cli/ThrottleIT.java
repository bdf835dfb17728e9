package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Starts that are held back, on this machine. */
class ThrottleIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  private Piecework.Ended run(String script, String... options) throws Exception {
    piecework.write("list", "a\nb\nc\nd\n");
    List<String> words =
        new ArrayList<>(List.of("run", "-q", "q", "--from", piecework.file("list").toString()));
    words.addAll(List.of(options));
    words.addAll(List.of("--sh", script));
    return piecework.here(words.toArray(String[]::new));
  }

  @Test
  void betweenTwoStartsIsTheDelay() throws Exception {
    var ended = run("date +%s%N", "-p", "+2", "--delay", "2s").expect(0);
    List<Long> starts = ended.lines().stream().map(Long::valueOf).sorted().toList();
    assertThat(starts).hasSize(4);
    // Three delays apart, but for the time that the first took to start.
    assertThat(starts.getLast() - starts.getFirst()).isGreaterThan(5_000_000_000L);
  }

  @Test
  void commandsAreNiceAndWhatWaitsForThemIsNot() throws Exception {
    int ours = Integer.parseInt(nice());
    var ended = run("nice", "-p", "50%", "--nice", "10").expect(0);
    assertThat(ended.lines()).hasSize(4).containsOnly("10");
    assertThat(nice()).isEqualTo(String.valueOf(ours));
  }

  private String nice() throws Exception {
    return piecework.startProgram("nice").end().expect(0).out().strip();
  }

  @Test
  void aMachineWithRoomStartsAtOnce() throws Exception {
    var ended =
        run("echo \"$1\"", "--load", "100000%", "--min-memory", "1k", "--memory-guard").expect(0);
    assertThat(ended.lines()).containsExactlyInAnyOrder("a", "b", "c", "d");
    assertThat(ended.err()).doesNotContain("no command starts");
  }

  @Test
  void whileMemoryIsMissingNothingIsLeasedAndThatIsSaid() throws Exception {
    var ended = run("echo", "--min-memory", "900T", "--time-limit", "8s").expect(5);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).containsOnlyOnce("no command starts for now").contains("4 waiting");
  }

  // Whoever waits here for memory must hear that others have done the rest.
  @Test
  void aWorkerThatMayStartNothingLeavesWhenAllIsDone() throws Exception {
    piecework.here("fill", "q", "a").expect(0);
    piecework.here("work", "q", "--", "true").expect(0);
    var ended = piecework.here("work", "q", "--min-memory", "900T", "--", "true").expect(0);
    assertThat(ended.err()).contains("drained");
  }

  // The first of two slots hangs from the start; the other does what tells how long it takes. That
  // is as many as it takes to tell: of more, one might be ended on a machine that is slow.
  @Test
  void whatTakesMuchLongerThanTheMedianIsEnded() throws Exception {
    StringBuilder list = new StringBuilder("hangs\n");
    for (int i = 0; i < 10; i++) {
      list.append(i).append('\n');
    }
    piecework.write("many", list.toString());
    var ended =
        piecework
            .here(
                "run",
                "-p",
                "2",
                "--attempts",
                "1",
                "--timeout",
                "500%,1s",
                "--from",
                piecework.file("many").toString(),
                "--sh",
                "[ \"$1\" != hangs ] || exec sleep 3600; echo \"$1\"")
            .expect(1);
    assertThat(ended.lines()).hasSize(10);
    assertThat(ended.err()).contains("1 dead: timeout: not done within");
  }

  @Test
  void whatMakesNoSenseIsRefusedInOneLine() throws Exception {
    refused("above 100%", "--timeout", "90%");
    refused("'much' ", "--timeout", "much");
    refused("--timeout 300%,10s needs a command", "--timeout", "300%,10s", "--batch", "2");
    refused("--delay 0", "--delay", "0s");
    refused("--load", "--load", "much");
    refused("--memory-guard goes with --min-memory", "--memory-guard");
    refused("--min-memory", "--min-memory", "0");
    refused("--nice 20", "--nice", "20");
    refused("--slots '+2%'", "-p", "+2%");
    refused("--slots 0", "-p", "0");
  }

  private void refused(String why, String... options) throws Exception {
    assertThat(run("true", options).expect(2).err()).contains(why).hasLineCount(1);
  }
}
