package dev.piecework.worker.process;

import static dev.piecework.worker.process.CommandTrial.assertGone;
import static dev.piecework.worker.process.CommandTrial.bytes;
import static dev.piecework.worker.process.CommandTrial.config;
import static dev.piecework.worker.process.CommandTrial.result;
import static dev.piecework.worker.process.CommandTrial.run;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.testrun.Needs;
import dev.piecework.worker.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Execution(ExecutionMode.CONCURRENT)
@Needs("python3")
@Timeout(600)
@ParameterizedClass
@EnumSource(EveryStarter.class)
@Tag("slow")
@Tag("process")
class ChildLoopTest {
  private static final String HEAD =
      """
      import sys, json, os, base64, signal, time
      def say(**answer): print(json.dumps(answer), flush=True)
      def data(item):
        return base64.b64decode(item['payloadBase64']) if 'payloadBase64' in item \
      else item['payload'].encode()
      """;

  private final EveryStarter starter;
  @TempDir Path folder;

  ChildLoopTest(EveryStarter starter) {
    this.starter = starter;
  }

  @BeforeEach
  void choose() {
    starter.choose();
  }

  @AfterEach
  void leaveToTheSystem() {
    EveryStarter.leaveToTheSystem();
  }

  private CommandConfig python(String text) throws Exception {
    Path file = folder.resolve("child.py");
    Files.writeString(file, HEAD + text);
    return config(CommandTemplate.of(List.of("python3", file.toString())));
  }

  @Test
  void everyPayloadGoesThereAndBack() throws Exception {
    List<byte[]> payloads = Payloads.forStdin();
    FakeSupply supply =
        run(
            new ChildLoop(
                python(
                    """
                    for line in sys.stdin:
                      item = json.loads(line)
                      say(id=item['id'], resultBase64=base64.b64encode(data(item)).decode())
                    """),
                8),
            payloads);
    for (int i = 0; i < payloads.size(); i++) {
      Outcome outcome = supply.outcomes().get(Integer.toString(i + 1));
      assertThat(outcome).isInstanceOf(Outcome.Done.class);
      assertThat(((Outcome.Done) Objects.requireNonNull(outcome)).result())
          .isEqualTo(payloads.get(i));
    }
  }

  /** Guards against: what starts a child gives it the key by which it tells the child's end. */
  @Test
  void aVariableOfTheCallerIsUnchangedInTheChild() throws Exception {
    FakeSupply supply =
        run(
            new ChildLoop(
                python(
                    """
                    import os
                    for line in sys.stdin:
                      item = json.loads(line)
                      say(id=item['id'], result=os.environ['key'])
                    """),
                8),
            bytes("a"));
    assertThat(result(supply, "1")).isEqualTo("of the caller");
  }

  @Test
  void answersMeanWhatTheProtocolSays() throws Exception {
    ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    FakeSupply supply =
        run(
            new ChildLoop(
                python(
                        """
                        print('hello, I am no answer', flush=True)
                        items = [json.loads(sys.stdin.readline()) for i in range(6)]
                        say(id='77', result='nobody asked')
                        say(id='6', result={'a': [1, None]})
                        say(id='5', result=None)
                        say(id='4', result='ü\\n')
                        say(id='3', bury='never')
                        say(id='2', error='not now')
                        say(id='1', result='x', attempt=items[0]['attempt'])
                        say(id='1', result='again')
                        print('{"id":"1"', flush=True)
                        sys.stdin.read()
                        """)
                    .withStderr(lines::add),
                6),
            bytes("a", "b", "c", "d", "e", "f"));
    assertThat(result(supply, "1")).isEqualTo("x");
    assertThat(supply.outcomes().get("2")).isEqualTo(Outcome.retry("not now"));
    assertThat(supply.outcomes().get("3")).isEqualTo(Outcome.bury("never"));
    assertThat(result(supply, "4")).isEqualTo("ü\n");
    assertThat(supply.outcomes().get("5")).isEqualTo(Outcome.done());
    assertThat(result(supply, "6")).isEqualTo("{\"a\": [1, null]}");
    assertThat(lines).contains("hello, I am no answer");
    assertThat(lines).filteredOn(l -> l.contains("no answer; such")).hasSize(1);
    assertThat(lines).filteredOn(l -> l.contains("'77'")).hasSize(1);
    assertThat(lines).filteredOn(l -> l.contains("'1'")).isEmpty();
  }

  @Test
  void aDeathChargesOnlyTheOldestUnanswered() throws Exception {
    FakeSupply supply =
        run(
            new ChildLoop(
                python(
                    """
                    for line in sys.stdin:
                      item = json.loads(line)
                      if data(item) == b'poison':
                        print('that hurt', file=sys.stderr, flush=True)
                        os.kill(os.getpid(), signal.SIGSEGV)
                      say(id=item['id'], result=item['payload'])
                    """),
                64),
            bytes("a", "b", "poison", "c", "d", "e"));
    assertThat(supply.outcomes()).hasSize(6);
    String reason = supply.outcome("3", Outcome.Retry.class).reason();
    assertThat(reason).contains("139 (SIGSEGV)", "that hurt");
    assertThat(supply.outcomes().values()).filteredOn(Outcome.Done.class::isInstance).hasSize(5);
    assertThat(supply.released()).doesNotContain("3");
  }

  @Test
  void aFirstItemThatKillsIsChargedAlthoughNothingWasAnswered() throws Exception {
    FakeSupply supply =
        run(
            new ChildLoop(
                python(
                    """
                    for line in sys.stdin:
                      item = json.loads(line)
                      if data(item) == b'poison': sys.exit(9)
                      say(id=item['id'], result=item['payload'])
                    """),
                64),
            bytes("poison", "poison", "a"));
    assertThat(supply.outcome("1", Outcome.Retry.class).reason()).contains("exit code 9");
    assertThat(supply.outcome("2", Outcome.Retry.class).reason()).contains("exit code 9");
    assertThat(result(supply, "3")).isEqualTo("a");
    assertThat(supply.paused()).isNull();
  }

  @Test
  void aChildThatNeverReadsPausesTheQueueAndChargesNobody() throws Exception {
    Path starts = folder.resolve("starts");
    FakeSupply supply =
        run(
            new ChildLoop(
                config(
                    CommandTemplate.shell("echo x >>" + starts + "; echo no config >&2; exit 3")),
                64),
            bytes("a", "b"));
    assertThat(supply.paused()).contains("exit code 3", "no config");
    assertThat(supply.outcomes()).isEmpty();
    assertThat(Files.readAllLines(starts)).hasSize(5);
  }

  @Test
  void childrenThatDieLeaveNoDescriptor() throws Exception {
    CommandConfig diesOfEach = config(CommandTemplate.shell("read -r line; exit 1"));
    run(new ChildLoop(diesOfEach, 1), bytes("warm"));
    int before = CommandTrial.descriptors();

    FakeSupply supply = run(new ChildLoop(diesOfEach, 1), bytes("a", "b", "c"));

    assertThat(supply.outcomes()).hasSize(3);
    await().until(() -> CommandTrial.descriptors() <= before + 2);
  }

  @Test
  void silenceChargesTheOldestAndKillsTheGroup() throws Exception {
    Path pids = folder.resolve("pids");
    FakeSupply supply =
        run(
            new ChildLoop(
                python(
                        """
                        import subprocess
                        for line in sys.stdin:
                          item = json.loads(line)
                          if data(item) == b'slow':
                            p = subprocess.Popen(['sleep', '1000'])
                            with open('PIDS', 'a') as f: f.write('%d\\n%d\\n' % (p.pid, os.getpid()))
                            p.wait()
                          say(id=item['id'], result=item['payload'])
                        """
                            .replace("PIDS", pids.toString()))
                    // The first answer has to come within it, and beside a load Python starts
                    // slowly.
                    .withTimeout(Duration.ofSeconds(10)),
                64),
            bytes("a", "slow", "b"));
    assertThat(result(supply, "1")).isEqualTo("a");
    assertThat(supply.outcome("2", Outcome.Retry.class).reason()).contains("timeout");
    assertThat(result(supply, "3")).isEqualTo("b");
    assertGone(pids, 2);
  }

  @Test
  void anInterruptEndsTheChildAndGivesItsItemsBack() throws Exception {
    Path started = folder.resolve("started");
    assertThat(new ProcessBuilder("mkfifo", started.toString()).start().waitFor()).isZero();
    ChildLoop loop =
        new ChildLoop(
            config(
                CommandTemplate.shell("read a; read b; echo $$ >" + started + "; exec sleep 1000")),
            64);
    FakeSupply supply = new FakeSupply(bytes("a", "b"));
    try (var threads = Executors.newSingleThreadExecutor()) {
      var running =
          threads.submit(() -> {
            loop.run(0, supply);
            return null;
          });
      long pid = Long.parseLong(Files.readString(started).strip());
      threads.shutdownNow();
      assertThat(running)
          .failsWithin(20, TimeUnit.SECONDS)
          .withThrowableThat()
          .withCauseInstanceOf(InterruptedException.class);
      assertThat(ProcessHandle.of(pid).filter(CommandTrial::runs)).isEmpty();
    }
    assertThat(supply.outcomes()).isEmpty();
    // One that comes back before the slot has noticed may be taken, and given back, once more.
    assertThat(supply.released()).containsOnly("1", "2");
    assertThat(supply.waiting()).isEqualTo(2);
  }

  @Test
  void anAnswerWithoutEndChargesTheItemNotOurMemory() throws Exception {
    FakeSupply supply =
        run(
            new ChildLoop(
                python(
                        """
                        for line in sys.stdin:
                          item = json.loads(line)
                          if item['payload'] == 'big':
                            while True: sys.stdout.write('x' * 65536)
                          say(id=item['id'], result=item['payload'])
                        """)
                    .withResultLimit(1000),
                1),
            bytes("a", "big", "b"));
    assertThat(supply.outcome("2", Outcome.Retry.class).reason()).contains("line longer");
    assertThat(result(supply, "3")).isEqualTo("b");
  }

  @Test
  void itemsOfAMegabyteGoThroughAFullWindow() throws Exception {
    List<byte[]> payloads = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      payloads.add("y".repeat(1 << 20).getBytes(UTF_8));
    }
    FakeSupply supply =
        run(
            new ChildLoop(
                python(
                    """
                    for line in sys.stdin:
                      item = json.loads(line)
                      say(id=item['id'], result=item['payload'])
                    """),
                64),
            payloads);
    assertThat(supply.outcomes().values()).hasSize(30).allMatch(Outcome.Done.class::isInstance);
  }
}
