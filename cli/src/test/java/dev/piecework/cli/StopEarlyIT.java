package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A command that is wrong is found out before it has failed on everything. */
class StopEarlyIT {

  private static final int ITEMS = 200_000;

  @RegisterExtension final Piecework piecework = new Piecework();

  private void list(int items) throws Exception {
    piecework.write(
        "list",
        IntStream.rangeClosed(1, items).mapToObj(n -> n + "\n").collect(Collectors.joining()));
  }

  private String status(String field) throws Exception {
    String json = piecework.here("status", "bag", "-o", "json").expect(0).out();
    return json.replaceAll("(?s).*\"" + field + "\":\"?([^,\"}]*).*", "$1");
  }

  private long attempts() throws Exception {
    String groups = piecework.here("items", "bag", "--group", "-o", "json").expect(0).out();
    return groups
        .lines()
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*\"attempts\":(\\d+).*", "$1")))
        .sum();
  }

  @Test
  void aWrongCommandFailsOnAThousandthOfTheItemsAtMostAndGoesOnWhenMended() throws Exception {
    list(ITEMS);
    piecework.write("job", "#!/bin/sh\necho \"no module named $1\" >&2\nexit 1\n");
    assertThat(piecework.file("job").toFile().setExecutable(true)).isTrue();
    var ended =
        piecework.run("run", "-q", "bag", "-p", "4", "--from", "list", "--", "./job").expect(1);
    assertThat(ended.err())
        .contains("stopped early: all ", "exit code 1, no module named N", "items bag --group")
        .contains("--resume -q bag");
    long attempted = attempts();
    assertThat(attempted).isBetween(30L, ITEMS / 1_000L);
    assertThat(status("leased")).isEqualTo("0");

    // Whoever comes is told the same, and does nothing.
    var other = piecework.here("work", "bag", "--", "true").expect(1);
    assertThat(other.err()).contains("stopped early: all ", "piecework resume bag");
    assertThat(piecework.here("wait", "bag").expect(1).err()).contains("stopped early: all ");
    assertThat(attempts()).isEqualTo(attempted);

    var resumed =
        piecework
            .run(
                "run",
                "-q",
                "bag",
                "--from",
                "list",
                "--resume",
                "--results",
                "out.jsonl",
                "--batch",
                "1000",
                "--",
                "true")
            .expect(0);
    assertThat(resumed.err()).contains("was paused", "goes on", "200,000 done");
    assertThat(Files.readAllLines(piecework.file("out.jsonl"))).hasSize(ITEMS);
  }

  @Test
  void batchesAndChildrenAreFoundOutTheSame() throws Exception {
    list(5_000);
    for (String[] how :
        new String[][] {
          {"--batch", "100", "--", "sh", "-c", "exit 3"},
          {
            "--child",
            "--",
            "sh",
            "-c",
            "exec sed -u 's/.*\"id\":\\(\"[^\"]*\"\\).*/{\"id\":\\1,\"error\":\"wrong\"}/'"
          }
        }) {
      String[] words = new String[8 + how.length];
      System.arraycopy(
          new String[] {"run", "-q", "bag", "--fresh", "-p", "2", "--from", "list"},
          0,
          words,
          0,
          8);
      System.arraycopy(how, 0, words, 8, how.length);
      assertThat(piecework.run(words).expect(1).err()).contains("stopped early: ");
      assertThat(attempts()).isBetween(30L, 400L);
    }
  }

  @Test
  void deadItemsBeyondWhatIsBorneStopItAndSoDoesNothingElse() throws Exception {
    list(400);
    piecework.write("job", "#!/bin/sh\n[ $(( $1 % 10 )) -ne 0 ]\n");
    assertThat(piecework.file("job").toFile().setExecutable(true)).isTrue();
    var ended =
        piecework
            .run(
                "run",
                "-q",
                "bag",
                "-p",
                "2",
                "--from",
                "list",
                "--attempts",
                "1",
                "--stop-early",
                "5",
                "--",
                "./job")
            .expect(1);
    // The other slot may bury one more before it hears of the stop.
    assertThat(ended.err())
        .containsPattern("\\b([6-9]|1[0-9]) items are dead, more than stop-early bears \\(5\\)")
        .contains("--resume -q bag --retry-dead");
    piecework.here("set", "bag", "stop-early=50%").expect(0);
    var rest =
        piecework
            .run("run", "-q", "bag", "-p", "2", "--from", "list", "--resume", "--", "./job")
            .expect(1);
    assertThat(rest.err()).contains("drained: 360 done, 40 dead");
    assertThat(piecework.here("fill", "q", "--stop-early", "half", "a").expect(2).err())
        .contains("neither auto nor off");
  }

  @Test
  void aWorkerThatIsKilledTakesNoEvidenceWithIt() throws Exception {
    list(3_000);
    piecework
        .run("fill", "bag", "--from", "list", "--stop-early", "auto", "--lease-timeout", "2s")
        .expect(0);
    // After fewer failures than stop it, it hangs: so it is there to be killed.
    String fails = "echo x >> n; [ $(wc -l < n) -le 10 ] || exec sleep 100; exit 9";
    Piecework.Started one = piecework.start("work", "bag", "-p", "2", "--", "sh", "-c", fails);
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> !piecework.here("items", "bag", "--group", "-o", "json").out().isEmpty());
    one.signal("KILL");
    assertThat(piecework.here("work", "bag", "-p", "2", "--", "sh", "-c", "exit 9").expect(1).err())
        .contains("stopped early: ");
    assertThat(attempts()).isLessThan(500);
    piecework.here("resume", "bag").expect(0);
    piecework.here("requeue", "bag", "--all").expect(0);
    piecework.here("work", "bag", "-p", "2", "--batch", "1000", "--", "true").expect(0);
    assertThat(status("done")).isEqualTo("3000");
  }
}
