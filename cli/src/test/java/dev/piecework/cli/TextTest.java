package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.QueueStatus;
import dev.piecework.Result;
import dev.piecework.SessionInfo;
import dev.piecework.Standing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What people and programs read, to the letter. */
class TextTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static QueueStatus status(Standing standing, long done) {
    return new QueueStatus(
        "job2",
        "r1",
        new QueueStatus.Counts(5, 2, 1, done, 1, 0),
        standing,
        null,
        List.of(new QueueStatus.ProducerView("scan", "open", 20, Duration.ofSeconds(2))),
        List.of(
            new QueueStatus.SessionView(
                "s1",
                new SessionInfo("vm", 2, "here", 42, 0),
                2,
                new QueueStatus.OldestItem("7", 1, Duration.ofMinutes(11), true),
                Duration.ofMillis(1500),
                false)),
        new QueueStatus.Pace(
            Instant.parse("2026-01-01T00:00:00Z"),
            null,
            12.34,
            Optional.of(Duration.ofSeconds(65)),
            Optional.of(Duration.ofMillis(64))),
        SettingsOptions.OURS,
        List.of());
  }

  @Test
  void statusForPeople() {
    assertThat(StatusText.lines(status(new Standing.Ready(), 11)))
        .containsExactly(
            "job2: working",
            "  5 waiting, 2 leased, 1 delayed, 11 done, 1 dead; 20 in all",
            "  12.3/s, ETA 1m05s, 99% of attempts within 64ms, since 2026-01-01T00:00:00Z",
            "  PRODUCER  STATE  FILLED  HEARD",
            "  scan      open   20      2s ago",
            "  WORKER  PID  SLOTS  HOLDS  OLDEST      HEARD",
            "  vm      42   2      2      7 (11m00s)  1s ago",
            "  suspicious: item 7 has been worked on for 11m00s, far longer than others;"
                + " --timeout would end it",
            "  settings: attempts=3 losses=5 backoff=1s..1m lapse=15s producer-grace=5m"
                + " keep=results");
  }

  @Test
  void statusForPrograms() {
    assertThat(Json.object(json -> StatusJson.write(json, status(new Standing.Ready(), 11))))
        .isEqualTo(
            "{'queue':'job2','run':'r1','standing':'ready','says':'working','pausedFor':null,"
                    .replace('\'', '"')
                + "'counts':{'waiting':5,'leased':2,'delayed':1,'done':11,'dead':1,'total':20,'elsewhere':0},"
                    .replace('\'', '"')
                + "'perSecond':12.34,'etaSeconds':65.0,'p99Seconds':0.064,'startedAt':'2026-01-01T00:00:00Z','endedAt':null,"
                    .replace('\'', '"')
                + "'producers':[{'source':'scan','state':'open','filled':20,'lastHeardSeconds':2.0}],"
                    .replace('\'', '"')
                + "'sessions':[{'id':'s1','worker':'vm','pid':42,'slots':2,'holds':2,'oldest':{'id':'7','attempt':1,'ageSeconds':660.0,'suspicious':true},'lastHeardSeconds':1.5,'lapsed':false}],"
                    .replace('\'', '"')
                + "'settings':{'attempts':3,'losses':5,'backoff':'1s..1m','lapse':'15s','producer-grace':'5m','keep':'results','results-max':0,'payload-max':1048576,'result-max':1048576,'retention':'7d'}}"
                    .replace('\'', '"'));
  }

  @Test
  void progressOnATerminalAndInALog() {
    QueueStatus half = status(new Standing.Ready(), 11);
    assertThat(ProgressText.bar(half, true, 3_000, 79))
        .isEqualTo(
            "[#############..........]  60%  11/20  1 dead  1 delayed  12.3/s  ETA 1m05s  3s");
    assertThat(ProgressText.bar(half, true, 3_000, 30)).hasSizeLessThanOrEqualTo(30);
    assertThat(ProgressText.line(half, false, 3_000))
        .isEqualTo("job2: 11/20+  1 dead  1 delayed  12.3/s  3s");
  }

  @Test
  void resultsAsJsonAndCsv() {
    Result text = new Result(3, "7", null, bytes("a,\"b\""), bytes("ok\n"), 2, "vm", 1_000, 12);
    assertThat(ResultText.json(text, "r1"))
        .isEqualTo(
            "{\"id\":\"7\",\"payload\":\"a,\\\"b\\\"\",\"result\":\"ok\\n\",\"attempts\":2,"
                + "\"worker\":\"vm\",\"started\":\"1970-01-01T00:00:01Z\",\"milliseconds\":12,"
                + "\"sequence\":3,\"run\":\"r1\"}");
    assertThat(ResultText.csv(text))
        .isEqualTo("7,\"a,\"\"b\"\"\",\"ok\n\",2,vm,1970-01-01T00:00:01Z,12,");
    Result binary = new Result(4, "8", null, new byte[] {(byte) 0xff}, new byte[0], 1, "vm", 0, 1);
    assertThat(ResultText.json(binary, "r1")).contains("\"payloadBase64\":\"/w==\"");
    assertThat(ResultText.csv(binary)).isEqualTo("8,/w==,,1,vm,1970-01-01T00:00:00Z,1,payload");
    Result ofLot = new Result(5, "9", "8", bytes("x"), new byte[0], 1, "vm", 0, 1);
    assertThat(ResultText.json(ofLot, "r1")).contains("\"lot\":\"8\"").doesNotContain("result");
  }

  @Test
  void bytesThatMayHarmATerminalAreMadeVisible() {
    assertThat(Printable.line(bytes("a\u001b[2J\r\n\tb\\"), 80))
        .isEqualTo("a\\x1b[2J\\r\\n\\tb\\\\");
    assertThat(Printable.line(new byte[] {'a', (byte) 0xff, (byte) 0xc3, 'b'}, 80))
        .isEqualTo("a\\xff\\xc3b");
    assertThat(Printable.line(bytes("\u202eü€😀\u0085"), 80)).isEqualTo("\\u{202e}ü€😀\\u{85}");
    assertThat(Printable.line(bytes("x".repeat(1000)), 10)).isEqualTo("xxxxxxxxx…");
    assertThat(Printable.line(bytes("ü€".repeat(1000)), 10))
        .hasSizeLessThanOrEqualTo(10)
        .endsWith("…");
  }

  @Test
  void figures() {
    assertThat(Figures.rate(0)).isEqualTo("0/s");
    assertThat(Figures.rate(0.5)).isEqualTo("30.0/min");
    assertThat(Figures.rate(12345.6)).isEqualTo("12,346/s");
    assertThat(Figures.time(Duration.ofMillis(850))).isEqualTo("850ms");
    assertThat(Figures.time(Duration.ofMinutes(127))).isEqualTo("2h07m");
    assertThat(Figures.bytes(1_536)).isEqualTo("1.5 KiB");
    assertThat(Figures.count(1, "item")).isEqualTo("1 item");
  }

  @Test
  void valuesAsPeopleWriteThem() {
    assertThat(Values.Size.parse("64k").bytes()).isEqualTo(65_536);
    assertThat(Values.Size.parse("1MiB").bytes()).isEqualTo(1 << 20);
    assertThat(Values.Backoff.parse("1s..1m").max()).isEqualTo(Duration.ofMinutes(1));
    assertThat(Values.Backoff.parse("2s").min()).isEqualTo(Duration.ofSeconds(2));
    assertThatThrownBy(() -> Values.Size.parse("lots")).hasMessageContaining("lots");
  }

  @Test
  void theNearestSpelling() {
    assertThat(Nearest.of("stauts", Verbs.words())).contains("status");
    assertThat(Nearest.of("resul", Verbs.words())).contains("results");
    assertThat(Nearest.of("xyzzy", Verbs.words())).isEmpty();
    assertThat(Nearest.of("--form", List.of("--from", "--format", "--fresh"))).contains("--from");
  }

  @Test
  void pastAttemptsAreRead() {
    assertThat(PastAttempt.parse("1000\t2\tvm\tfailed\texit code 1\nno\ta").sentence(80))
        .isEqualTo("1970-01-01T00:00:01Z attempt 2 on vm failed: exit code 1");
  }
}
