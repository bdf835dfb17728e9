package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RunIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  private static String numbers(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(String::valueOf)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private String factorOf(String input) throws Exception {
    piecework.write("numbers", input);
    return piecework.startProgram("sh", "-c", "factor < numbers").end().expect(0).out();
  }

  @Test
  void printsWhatTheCommandPrints() throws Exception {
    String input = numbers(1_000_000, 1_000_300);

    var ended = piecework.runWith(input, "run", "-p", "2", "--", "factor", "{}").expect(0);

    assertThat(ended.lines()).containsExactlyInAnyOrderElementsOf(factorOf(input).lines().toList());
  }

  @Test
  void printsInTheOrderOfTheInputWhenAsked() throws Exception {
    String input = numbers(1, 200);
    // The first items take longest, so that nearly all come early.
    String slow = "[ $1 -gt 3 ] || sleep 0.2; factor $1";

    var ended = piecework.runWith(input, "run", "-p", "4", "--in-order", "--sh", slow).expect(0);

    assertThat(ended.out()).isEqualTo(factorOf(input));
  }

  @Test
  void leavesOutTheDeadWhenPrintingInOrder() throws Exception {
    String failing = "[ $(($1 % 3)) -ne 0 ] || exit 65; echo $1";

    var ended = piecework.runWith(numbers(1, 20), "run", "-p", "2", "--in-order", "--sh", failing);

    assertThat(ended.expect(1).lines())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 20)
                .filter(i -> i % 3 != 0)
                .mapToObj(String::valueOf)
                .toList());
    assertThat(ended.err()).contains("14 done, 6 dead");
  }

  @Test
  void anEmptyInputIsDoneAtOnce() throws Exception {
    assertThat(piecework.run("run", "--", "false").expect(0).out()).isEmpty();
  }

  @Test
  void aHandlerThatAlwaysFailsLeavesItsEvidence() throws Exception {
    String failing = "date +%s%N >> log; echo no $1 >&2; exit 1";

    var ended =
        piecework
            .runWith("a\n", "run", "-q", "f", "--backoff", "200ms..2s", "--sh", failing)
            .expect(1);

    assertThat(ended.err())
        .contains("0 done, 1 dead: exit code 1, no a; see piecework items f --group");
    assertThat(Files.readAllLines(piecework.file("log"))).hasSize(3);
    assertThat(piecework.here("items", "f", "--state", "dead").expect(0).lines())
        .hasSize(2)
        .last()
        .asString()
        .endsWith("exit code 1: no a");
    assertThat(piecework.here("items", "f", "--state", "dead", "--details").expect(0).out())
        .contains("exit code 1", "no a", "attempt 3");
    piecework.here("requeue", "f", "--all").expect(0);
    assertThat(piecework.run("run", "-q", "f", "--resume", "--", "echo", "now").expect(0).out())
        .isEqualTo("now a\n");
  }

  @Test
  void exit65BuriesAtOnce() throws Exception {
    piecework.runWith("a\n", "run", "-q", "f", "--sh", "echo x >> log; exit 65").expect(1);

    assertThat(Files.readAllLines(piecework.file("log"))).hasSize(1);
  }

  @Test
  void aBatchIsHalvedUntilTheFailingItemIsAlone() throws Exception {
    String poisoned =
        "echo $# >> log; for i; do [ $i != 37 ] || exit 1; done; for i; do echo done $i; done";

    var ended =
        piecework
            .runWith(
                numbers(1, 64),
                "run",
                "-q",
                "b",
                "-p",
                "1",
                "--batch",
                "64",
                "--attempts",
                "1",
                "--sh",
                poisoned)
            .expect(1);

    assertThat(ended.lines()).hasSize(63).doesNotHaveDuplicates().doesNotContain("done 37");
    assertThat(ended.err()).contains("63 done, 1 dead");
    List<String> calls = Files.readAllLines(piecework.file("log"));
    assertThat(calls).contains("32", "16", "8", "4", "2", "1");
  }

  @Test
  void theTimeLimitEndsItWithFiveAndResumeGoesOn() throws Exception {
    piecework.write("in", numbers(1, 6));
    String[] run = {
      "run",
      "-q",
      "t",
      "-p",
      "2",
      "--from",
      "in",
      "--grace",
      "0s",
      "--time-limit",
      "1500ms",
      "--sh",
      "[ -e go ] || sleep 60; echo $1"
    };

    var ended = piecework.run(run).expect(5);
    assertThat(ended.err()).contains("time limit", "--resume");

    piecework.write("go", "");
    List<String> resume = new ArrayList<>(List.of(run));
    resume.set(resume.indexOf("1500ms"), "10m");
    resume.add(3, "--resume");
    assertThat(piecework.run(resume.toArray(String[]::new)).expect(0).lines()).hasSize(6);
  }

  @Test
  void aRunWhoseLastItemIsDoneAfterTheTimeLimitIsDone() throws Exception {
    String[] run = {"run", "--grace", "10m", "--time-limit", "8s", "--sh", "sleep 10; echo $1"};

    assertThat(piecework.runWith("last\n", run).expect(0).out()).isEqualTo("last\n");
  }

  @Test
  void aFinishedRunIsBegunAnewAndResumingItDoesNothing() throws Exception {
    piecework.write("in", numbers(1, 5));
    String[] run = {"run", "--from", "in", "--results", "out", "--", "echo"};

    piecework.run(run).expect(0);
    piecework.run(run).expect(0);
    assertThat(Files.readAllLines(piecework.file("out"))).hasSize(5);

    piecework.run("run", "--resume", "--from", "in", "--results", "out", "--", "echo").expect(0);
    assertThat(Files.readAllLines(piecework.file("out"))).hasSize(5);
  }
}
