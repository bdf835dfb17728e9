package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person changes of a queue: settings, and single items. */
class QueueChangesIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  /** Guards against settings of a refused run that stay, and refuse the next one too. */
  @Test
  void aRefusedRunLeavesNoSettingsBehind() throws Exception {
    piecework.write("i", "longer\n");
    String[] narrow = {"run", "--from", "i", "--payload-max", "3", "--", "echo"};
    assertThat(piecework.run(narrow).expect(2).err()).contains("payload-max");
    var again = piecework.run("run", "--from", "i", "--payload-max", "100", "--", "echo").expect(0);
    assertThat(again.out()).isEqualTo("longer\n");
    assertThat(again.err()).doesNotContain("keeps its own settings");
    assertThat(piecework.run(narrow).expect(2).err()).contains("payload-max");
    var fresh =
        piecework
            .run("run", "--from", "i", "--payload-max", "100", "--fresh", "--", "echo")
            .expect(0);
    assertThat(fresh.out()).isEqualTo("longer\n");
  }

  @Test
  void aSetChangesAllThatItIsGivenOrNothing() throws Exception {
    piecework.here("fill", "q", "a", "--attempts", "4").expect(0);
    piecework.here("set", "q", "losses=9", "backoff=2s..3s").expect(0);
    assertThat(piecework.here("set", "q", "attempts=7", "results-max=16777216t").expect(2).err())
        .contains("results-max: '16777216t' is more than");
    assertThat(piecework.here("set", "q", "attempts=7", "attempts=8").expect(2).err())
        .contains("given twice");
    assertThat(piecework.here("status", "q").expect(0).out())
        .contains("attempts=4 losses=9 backoff=2s..3s");
    assertThat(piecework.here("set", "nowhere", "attempts=7").expect(2).err()).contains("no queue");
  }

  @Test
  void oneItemIsDroppedOrRunNowWhateverItsState() throws Exception {
    piecework.here("fill", "q", "a", "b", "b").expect(0);
    piecework.write("later", "{\"payload\":\"l\",\"id\":\"later\"}\n");
    piecework.run("fill", "q", "--from", "later", "--format", "jsonl", "--delay", "1h").expect(0);
    piecework.write("gone", "{\"payload\":\"g\",\"id\":\"gone\"}\n");
    piecework.run("fill", "q", "--from", "gone", "--format", "jsonl", "--delay", "1h").expect(0);
    assertThat(piecework.here("drop", "q", "--id", "gone").expect(0).out())
        .isEqualTo("1 delayed item dropped\n");
    assertThat(piecework.here("drop", "q", "--id", "gone").expect(2).err())
        .contains("no item 'gone'");
    assertThat(piecework.here("drop", "q", "--payload", "b").expect(0).out())
        .isEqualTo("1 waiting item dropped\n");
    assertThat(piecework.here("drop", "q", "--payload", "x").expect(2).err())
        .contains("no item 'x' waits in q without an id");
    assertThat(piecework.here("drop", "q", "--payload", "b", "--all").expect(2).err())
        .contains("one of --all, --id ID, --error TEXT, --group G, --payload TEXT");
    assertThat(piecework.here("requeue", "q", "--id", "later", "-o", "json").expect(0).out())
        .isEqualTo("{\"queue\":\"q\",\"requeued\":1,\"state\":\"delayed\"}\n");
    assertThat(piecework.run("work", "q", "--slots", "1", "--", "echo").expect(0).err())
        .contains("drained: 3 done, 0 dead");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run -q q --from list", "work q --slots 1"})
  void aCommandWhoseItemIsDroppedIsStopped(String verb) throws Exception {
    piecework.write("list", "long\nnext\n");
    String[] words = (verb + " --attempts 1").split(" ");
    List<String> all = new ArrayList<>(List.of(words));
    if (verb.startsWith("run")) {
      all.addAll(List.of("-p", "1"));
    } else {
      piecework.run("fill", "q", "--from", "list", "--attempts", "1").expect(0);
    }
    all.addAll(
        List.of("--sh", "if [ $1 = long ]; then echo $$ >pid; exec sleep 600; fi; echo did $1"));
    Piecework.Started worker = piecework.start(all.toArray(String[]::new));
    Path pid = piecework.file("pid");
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> Files.exists(pid) && Files.readString(pid).endsWith("\n"));
    piecework.here("drop", "q", "--id", "1").expect(0);

    var ended = worker.end().expect(0);
    assertThat(ended.err()).containsOnlyOnce("item 1 was dropped").contains("1 done, 0 dead");
    assertThat(ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))).isEmpty();
  }

  /** What is looked for is what went wrong, not where or when. */
  @Test
  void anErrorIsLookedForInItsTextOnly() throws Exception {
    piecework.here("fill", "q", "a", "b").expect(0);
    piecework.run("work", "q", "--name", "host7", "--", "sh", "-c", "exit 65", "x").expect(0);
    assertThat(piecework.here("drop", "q", "--error", "host7").expect(0).out()).startsWith("0 ");
    assertThat(piecework.here("drop", "q", "--error", "buried").expect(0).out()).startsWith("0 ");
    assertThat(piecework.here("drop", "q", "--error", "").expect(2).err()).contains("--all");
    assertThat(piecework.here("drop", "q", "--error", "65").expect(0).out()).startsWith("2 ");
  }
}
