package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.amqp.RabbitServer;
import dev.piecework.testrun.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Messages of a RabbitMQ become items, and what keeps them from it is said in one line. */
@Needs("rabbitmq-server")
@Tag("process")
class MessagesIT {

  private static final Pattern EXAMPLE = Pattern.compile("(?s)```rabbitmq\n(.*?)```");

  @TempDir static Path folder;

  private static RabbitServer rabbit;

  @RegisterExtension final Piecework piecework = new Piecework();

  @BeforeAll
  static void start() throws Exception {
    rabbit = RabbitServer.started(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    if (rabbit != null) {
      rabbit.close();
    }
  }

  private String status() throws Exception {
    return piecework.here("status", "q", "-o", "json").expect(0).out();
  }

  @Test
  void theExampleOfThePageDoesWhatItSays() throws Exception {
    rabbit.publish("job1", List.of("apple", "banana $(id)", "cherry"), List.of());
    Matcher example = EXAMPLE.matcher(Files.readString(Path.of("../docs/command-line.md")));
    assertThat(example.find()).isTrue();
    String script =
        example
            .group(1)
            .replace("./piecework", "\"$PIECEWORK\"")
            .replace("amqp://localhost/job1", rabbit.uri("job1"));

    var ended = piecework.startProgram("sh", "-e", "-c", script).end().expect(0);

    assertThat(ended.out().lines())
        .containsExactlyInAnyOrder("3 items added to job1", "apple", "banana $(id)", "cherry");
    assertThat(rabbit.waiting("job1")).isZero();
  }

  @Test
  void itFollowsUntilItIsToldToStopAndWaitsWhileTooManyWait() throws Exception {
    rabbit.publish("follow", List.of("1", "2"), List.of());
    var fill =
        piecework.start(
            "fill", "q", "--partitions", "2", "--from", rabbit.uri("follow"), "--follow");
    await().atMost(Piecework.TIMEOUT).until(() -> status().contains("\"waiting\":2"));
    rabbit.publish("follow", List.of("3"), List.of());
    await().atMost(Piecework.TIMEOUT).until(() -> status().contains("\"waiting\":3"));
    // It is a producer: who works waits for more.
    assertThat(piecework.here("wait", "q", "--timeout", "100ms").code()).isEqualTo(5);

    fill.signal("INT");

    var ended = fill.end().expect(130);
    assertThat(ended.out()).contains("3 items added to q");
    assertThat(ended.err()).contains("what is left stays in RabbitMQ");
    piecework.here("work", "q", "--", "true").expect(0);
    assertThat(status()).contains("\"done\":3");
  }

  @Test
  void whatKeepsItFromFillingIsOneLineAndNothingIsBegun() throws Exception {
    String there = rabbit.uri("none");
    refused(2, "has no queue 'none' in virtual host '/'", there);
    refused(2, "has no virtual host 'x', or none for user 'guest'", rabbit.uri("x/none"));
    refused(4, "refused user 'bob' or the password", there.replace("//", "//bob@"));
    refused(4, "is from no authority that is trusted here", rabbit.tlsUri("none"));
    refused(4, "TLS", there.replace("amqp:", "amqps:"));
    refused(4, "127.0.0.1:1: connection refused", "amqp://127.0.0.1:1/q");
    refused(4, "there is no host nowhere.invalid", "amqp://nowhere.invalid/q");
    refused(2, "names no queue", "amqp://127.0.0.1");
    refused(2, "no ampq://", "ampq://bob:secret@127.0.0.1/q");
    refused(2, "is no URL", "amqp://bob:secret @127.0.0.1/q");
    refused(2, "takes nothing behind ?", "amqp://127.0.0.1/q?heartbeat=5");
    refused(2, "--unique does not go with --from amqp://", there, "--unique");
    refused(2, "--hold does not go with", there, "--hold");
    refused(2, "with TLS it is amqps://", there, "--from-ca-file", rabbit.caFile().toString());
    refused(2, "cannot read nowhere", rabbit.tlsUri("none"), "--from-ca-file", "nowhere");
    refused(2, "--from-password-file", there, "--from-password-file", "nowhere");
    assertThat(piecework.here("run", "--from", there, "--", "true").expect(2).err())
        .contains("from RabbitMQ goes: piecework fill QUEUE --from amqp://...")
        .hasLineCount(1);
    String file = piecework.write("password", "guest\n").toString();
    assertThat(piecework.here("fill", "q", "a", "--from-password-file", file).expect(2).err())
        .contains("--from-password-file goes with --from amqp://")
        .hasLineCount(1);
    assertThat(piecework.here("status", "-o", "json").expect(0).out()).doesNotContain("\"q\"");
  }

  private void refused(int code, String why, String... from) throws Exception {
    List<String> words = new ArrayList<>(List.of("fill", "q", "--from"));
    words.addAll(List.of(from));
    assertThat(piecework.here(words.toArray(String[]::new)).expect(code).err())
        .contains(why)
        .doesNotContain("secret", "Exception")
        .hasLineCount(1);
  }

  @Test
  void thePasswordComesFromAFileOrAVariableAndIsNotPrinted() throws Exception {
    rabbit.publish("login", List.of("a"), List.of());
    String uri = rabbit.uri("login").replace("//", "//guest@");
    piecework.with("PIECEWORK_AMQP_PASSWORD", "wrong-secret");
    assertThat(piecework.here("fill", "q", "--from", uri).expect(4).err())
        .contains("refused user 'guest'")
        .doesNotContain("wrong-secret");

    String file = piecework.write("password", "guest\n").toString();
    piecework.here("fill", "q", "--from", uri, "--from-password-file", file).expect(0);

    String typed = rabbit.uri("login").replace("//", "//guest:wrong-secret@");
    var shown = piecework.here("fill", "q", "-v", "--from", typed).expect(4);
    assertThat(shown.err())
        .contains("everybody on this machine can see the password in --from")
        .doesNotContain("wrong-secret");
    piecework.with("PIECEWORK_AMQP_PASSWORD", "");
    String tls = rabbit.tlsUri("login");
    String ca = rabbit.caFile().toString();
    assertThat(piecework.here("fill", "q", "--from", tls, "--from-ca-file", ca).expect(0).out())
        .contains("0 items added");
  }
}
