package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.testrun.Needs;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A part of a run first, then a question, then the rest: each item once, wherever it is killed. */
class SampleIT {

  private static final int ITEMS = 300;

  @RegisterExtension final Piecework piecework = new Piecework();

  private static List<String> all() {
    return IntStream.rangeClosed(1, ITEMS).mapToObj(String::valueOf).toList();
  }

  @BeforeEach
  void list() throws Exception {
    piecework.write("list", all().stream().map(n -> n + "\n").collect(Collectors.joining()));
    program("echo $1");
  }

  private void program(String text) throws Exception {
    piecework.write("job", "#!/bin/sh\n" + text + "\n");
    assertThat(piecework.file("job").toFile().setExecutable(true)).isTrue();
  }

  private static String[] run(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("run", "-q", "bag", "-p", "4", "--from", "list", "--results", "out"));
    words.addAll(List.of(more));
    // The estimate waits for a heartbeat that brings times, but for no longer than that.
    words.addAll(List.of("--lease-timeout", "5s", "--", "./job"));
    return words.toArray(String[]::new);
  }

  private JsonNode status() throws Exception {
    return new ObjectMapper()
        .readTree(piecework.here("status", "bag", "-o", "json").expect(0).out());
  }

  private int count(String state) throws Exception {
    return status().get("counts").get(state).asInt();
  }

  private List<String> results() throws Exception {
    return Files.readAllLines(piecework.file("out")).stream()
        .map(line -> line.replaceAll(".*\"result\":\"(\\d+).*", "$1"))
        .toList();
  }

  private void assertEachOnce() throws Exception {
    assertThat(results()).containsExactlyInAnyOrderElementsOf(all());
    assertThat(count("done")).isEqualTo(ITEMS);
    assertThat(count("total")).isEqualTo(ITEMS);
  }

  @Test
  void withoutATerminalItEndsWithTheSampleAndAResumeDoesTheRest() throws Exception {
    var sample = piecework.run(run("--sample", "10%")).expect(0);
    assertThat(sample.err())
        .contains("a sample of 10% comes first, of seed ", "the sample is 30 items")
        .contains("bag: 270 items left, workers of 4 slots", "ENDS IN", "do not help")
        .contains("--resume")
        .doesNotContain("too few", "the queue is paused");
    Set<String> first = new TreeSet<>(results());
    assertThat(first).hasSize(30).isNotEqualTo(Set.copyOf(all().subList(0, 30)));
    assertThat(count("waiting")).isEqualTo(ITEMS - 30);
    assertThat(status().get("standing").asString()).isEqualTo("paused");

    assertThat(piecework.run(run("--resume")).expect(0).err())
        .contains("was paused (its sample is done", "300 done");
    assertEachOnce();
    // The same sample again.
    piecework.run(run("--fresh", "--sample", "30")).expect(0);
    assertThat(results()).containsExactlyInAnyOrderElementsOf(first);
  }

  @Test
  void withYesItGoesOnAndAStreamCanBeSampledToo() throws Exception {
    assertThat(piecework.run(run("--sample", "5", "--yes")).expect(0).err())
        .contains("the sample is 5 items", "too few are done to believe this", "300 done")
        .doesNotContain("the queue is paused");
    assertEachOnce();
    var stream =
        piecework
            .runWith(
                "a\nb\nc\nd\n",
                "run",
                "--sample",
                "50%",
                "--lease-timeout",
                "1s",
                "--sh",
                "echo $1")
            .expect(0);
    assertThat(stream.lines()).hasSize(2);
    String queue = stream.err().replaceAll("(?s).*the queue is (run-\\S+).*", "$1");
    var rest = piecework.run("run", "-q", queue, "--resume", "--sh", "echo $1").expect(0);
    List<String> both = new ArrayList<>(stream.lines());
    both.addAll(rest.lines());
    assertThat(both).containsExactlyInAnyOrder("a", "b", "c", "d");
    // A sample that is all there is.
    assertThat(piecework.runWith("a\n", "run", "--sample", "7", "--sh", "echo $1").expect(0).out())
        .isEqualTo("a\n");
  }

  @Test
  void killedInTheSampleAndInTheRestItGoesOnInTheOrderThatItBeganWith() throws Exception {
    program("echo x >> began; [ -e go ] || exec sleep 100; echo $1");
    var inSample = piecework.start(run("--sample", "20"));
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> count("leased") == 4 && count("total") >= 20); // may come in two parts
    assertThat(count("total")).isEqualTo(20);
    inSample.signal("KILL");
    assertThat(inSample.end().code()).isNotZero();
    assertThat(piecework.run(run("--sample", "20")).expect(2).err()).contains("--resume");

    piecework.write("go", "");
    program("echo $1; echo x >> n; [ $(wc -l < n) -lt 100 ] || { touch stop; exec sleep 100; }");
    var inRest = piecework.start(run("--resume"));
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> Files.exists(piecework.file("stop")) && count("leased") > 0);
    inRest.signal("KILL");
    assertThat(inRest.end().code()).isNotZero();

    program("echo $1");
    piecework.run(run("--resume")).expect(0);
    assertEachOnce();
  }

  @Test
  void killedWhileItsSampleIsFilledItGoesOnInThatOrder() throws Exception {
    int many = 40_000;
    piecework.write(
        "list",
        IntStream.rangeClosed(1, many).mapToObj(n -> n + "\n").collect(Collectors.joining()));
    // The first command does not end, so that it is the fill that the kill comes in between of.
    program("[ -e go ] || exec sleep 100");
    List<String> words =
        List.of("run", "-q", "bag", "--from", "list", "--results", "out", "--lease-timeout", "1s");
    List<String> begin = new ArrayList<>(words);
    begin.addAll(List.of("--sample", "50%", "--batch", "1000", "--", "./job"));
    var first = piecework.start(begin.toArray(String[]::new));
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(Piecework.TIMEOUT)
        .until(() -> count("total") > 0);
    first.signal("KILL");
    assertThat(first.end().code()).isNotZero();
    assertThat(count("total")).isLessThanOrEqualTo(many / 2);

    piecework.write("go", "");
    List<String> resume = new ArrayList<>(words);
    resume.addAll(List.of("--resume", "--batch", "1000", "--", "./job"));
    piecework.run(resume.toArray(String[]::new)).expect(0);
    assertThat(count("done")).isEqualTo(many);
    assertThat(count("total")).isEqualTo(many);
    assertThat(Set.copyOf(Files.readAllLines(piecework.file("out")))).hasSize(many);
  }

  @Test
  @Needs("script")
  void onATerminalItAsks() throws Exception {
    String words = "exec \"$PIECEWORK\" " + String.join(" ", run("--sample", "30"));
    var asked = piecework.startProgram("script", "-qec", words, "/dev/null");
    asked.awaitOut("go on with the 270 items left? [y/N]");
    assertThat(count("done")).isEqualTo(30);
    // It is killed at the question: what was done is kept, and so is what is left.
    asked.signal("KILL");
    asked.end();
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> piecework.run(run("--sample", "30")).err().contains("unfinished run"));

    String resumed = "exec \"$PIECEWORK\" " + String.join(" ", run("--resume"));
    piecework.startProgram("script", "-qec", resumed, "/dev/null").end().expect(0);
    assertEachOnce();

    String again = "exec \"$PIECEWORK\" " + String.join(" ", run("--fresh", "--sample", "30"));
    var yes = piecework.startProgram("script", "-qec", again, "/dev/null");
    yes.awaitOut("[y/N]");
    yes.say("y\n");
    yes.end().expect(0);
    assertThat(count("done")).isEqualTo(ITEMS);
    var no = piecework.startProgram("script", "-qec", again, "/dev/null");
    no.awaitOut("[y/N]");
    no.say("n\n");
    no.end().expect(0);
    assertThat(count("done")).isEqualTo(30);
  }

  @Test
  void whatIsWrongIsOneLine() throws Exception {
    String list = piecework.file("list").toString();
    String[][] wrong = {
      {"neither a number of items", "--sample", "0"},
      {"neither a number of items", "--sample", "0%"},
      {"neither a number of items", "--sample", "100%"},
      {"neither a number of items", "--sample", "some"},
      {"--yes goes with --sample", "--yes"},
      {"--resume goes on without asking", "--sample", "1%", "--resume"},
      {"--in-order goes by counted ids", "--sample", "1%", "--in-order"},
    };
    for (String[] one : wrong) {
      List<String> words = new ArrayList<>(List.of("run", "--from", list));
      words.addAll(List.of(one).subList(1, one.length));
      words.addAll(List.of("--", "true"));
      var ended = piecework.here(words.toArray(String[]::new)).expect(2);
      assertThat(ended.err()).contains(one[0]);
      assertThat(ended.err().lines()).hasSize(1);
    }
  }
}
