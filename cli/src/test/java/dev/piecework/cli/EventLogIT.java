package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code --log json}: each line of stderr is an object. */
class EventLogIT {

  private static final JsonMapper JSON = new JsonMapper();

  @RegisterExtension final Piecework piecework = new Piecework();

  private static List<JsonNode> lines(Piecework.Ended ended) {
    return ended.err().lines().map(JSON::readTree).toList();
  }

  private static List<String> events(List<JsonNode> lines) {
    return lines.stream().map(line -> line.path("event").asString()).toList();
  }

  private static JsonNode only(List<JsonNode> lines, String event) {
    List<JsonNode> found =
        lines.stream().filter(line -> line.path("event").asString().equals(event)).toList();
    assertThat(found).as("%s in %s", event, lines).hasSize(1);
    return found.getFirst();
  }

  @Test
  void tellsTheLifeOfAWorkerAndWhatFailed() throws Exception {
    piecework.here("fill", "q", "--attempts", "1", "good", "bad").expect(0);

    List<JsonNode> lines =
        lines(
            piecework
                .here(
                    "work",
                    "q",
                    "--log",
                    "json",
                    "--name",
                    "w1",
                    "--sh",
                    "[ \"$1\" = good ] || { echo no such file >&2; exit 3; }")
                .expect(0));

    assertThat(lines)
        .allSatisfy(line -> {
          assertThat(line.path("time").asString()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
          assertThat(line.path("queue").asString()).isEqualTo("q");
          assertThat(line.path("worker").asString()).isEqualTo("w1");
          assertThat(line.path("level").asString()).isIn("info", "warn");
        });
    assertThat(events(lines))
        .startsWith("started")
        .endsWith("drained")
        .doesNotContain("attempt-done");
    JsonNode failed = only(lines, "attempt-failed");
    assertThat(failed.path("id").asString()).isEqualTo("2");
    assertThat(failed.path("attempt").asInt()).isEqualTo(1);
    assertThat(failed.path("outcome").asString()).isEqualTo("failed");
    assertThat(failed.path("cause").asString()).contains("exit code 3", "no such file");
    assertThat(failed.path("milliseconds").isNumber()).isTrue();
    assertThat(only(lines, "stderr").path("message").asString()).isEqualTo("no such file");
    assertThat(only(lines, "drained").path("message").asString()).contains("1 done, 1 dead");
  }

  @Test
  void successesAreToldWhenAskedFor() throws Exception {
    piecework.here("fill", "q", "1").expect(0);

    List<JsonNode> lines =
        lines(piecework.here("work", "q", "--log", "json", "-v", "--", "true").expect(0));

    assertThat(only(lines, "attempt-done").path("id").asString()).isEqualTo("1");
  }

  @Test
  @RedisPerTest
  void isTheDefaultInAPodOnly(TestRedis redis) throws Exception {
    piecework.with("REDIS_URL", redis.uri());
    piecework.here("fill", "q", "1", "2").expect(0);
    assertThat(piecework.here("work", "q", "--", "true").expect(0).err())
        .startsWith("piecework: working on q");

    piecework.with("KUBERNETES_SERVICE_HOST", "10.0.0.1");
    piecework.here("fill", "q", "3").expect(0);
    assertThat(events(lines(piecework.here("work", "q", "--", "true").expect(0))))
        .startsWith("started")
        .endsWith("drained");
    assertThat(piecework.here("work", "q", "--log", "text", "--", "true").expect(0).err())
        .startsWith("piecework: working on q");
  }

  /** What comes from items is text: it ends no line and turns nothing round. */
  @Test
  void textOfItemsBreaksNoLine() throws Exception {
    String id = "x\"}{\"event\":\"started\"}\u2028\u202e";
    String item = JSON.writeValueAsString(java.util.Map.of("id", id));
    piecework.write("list.jsonl", item + "\n");
    piecework
        .here(
            "fill",
            "q",
            "--attempts",
            "1",
            "--format",
            "jsonl",
            "--id",
            "id",
            "--from",
            piecework.file("list.jsonl").toString())
        .expect(0);

    Piecework.Ended ended =
        piecework
            .here(
                "work",
                "q",
                "--log",
                "json",
                "--sh",
                "printf '%s\\033[2J\\r\\302\\205{}\\n' \"$PIECEWORK_ID\" >&2; exit 1")
            .expect(0);

    assertThat(ended.err()).doesNotContain("\u2028", "\u202e", "\u001b", "\u0085", "\r");
    List<JsonNode> lines = lines(ended);
    assertThat(only(lines, "started").path("message").asString()).startsWith("working on");
    JsonNode failed = only(lines, "attempt-failed");
    assertThat(failed.path("id").asString()).isEqualTo(id);
  }

  @Test
  void anErrorIsALineTooAndTheEndOfARunAsWell() throws Exception {
    String list = piecework.write("list", "1\n2\n").toString();
    List<JsonNode> lines =
        lines(
            piecework
                .here("run", "-q", "r", "--log", "json", "--from", list, "--", "false")
                .expect(1));
    assertThat(events(lines)).endsWith("drained").contains("attempt-failed");

    List<JsonNode> refused =
        lines(
            piecework
                .here("run", "-q", "r", "--log", "json", "--from", list + "x", "--", "true")
                .expect(2));
    assertThat(only(refused, "error").path("level").asString()).isEqualTo("error");
    assertThat(piecework.here("work", "q", "--log", "xml", "--", "true").expect(2).err())
        .contains("--log")
        .hasLineCount(1);
  }
}
