package dev.piecework.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.QueueState;
import dev.piecework.QueueStatus;
import dev.piecework.QueueStatus.ProducerState;
import dev.piecework.SessionInfo;
import dev.piecework.cli.queue.SettingsOptions;
import dev.piecework.journal.ItemTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What people and programs read, to the letter. */
class TextTest {

  private static final ProgressText.End END = new ProgressText.End(true, "ETA 3m to 8m");

  private static QueueStatus status(QueueState state, long done) {
    return new QueueStatus(
        "job2",
        "r1",
        new QueueStatus.Counts(5, 2, 1, done, 1, 0),
        state,
        null,
        List.of(
            new QueueStatus.ProducerView("scan", ProducerState.OPEN, 20, Duration.ofSeconds(2))),
        List.of(
            new QueueStatus.SessionView(
                "s1",
                new SessionInfo("vm", 2, "here", 42, Instant.EPOCH),
                2,
                new QueueStatus.OldestItem("7", 1, Duration.ofMinutes(11), true),
                Duration.ofMillis(1500),
                false,
                ItemTimes.NONE)),
        new QueueStatus.Pace(
            Instant.parse("2026-01-01T00:00:00Z"),
            null,
            12.34,
            Optional.of(Duration.ofSeconds(65)),
            Optional.of(Duration.ofMillis(64)),
            Optional.empty()),
        SettingsOptions.OURS,
        List.of());
  }

  @Test
  void statusForPeople() {
    assertThat(StatusText.lines(status(new QueueState.Ready(), 11)))
        .containsExactly(
            "job2: working",
            "  5 waiting, 2 leased, 1 delayed, 11 done, 1 dead; 20 in all",
            "  12.3/s, ETA 1m05s, if nothing more is filled, 99% of attempts within 64ms,"
                + " since 2026-01-01T00:00:00Z",
            "  PRODUCER  STATE  FILLED  HEARD",
            "  scan      open   20      2s ago",
            "  WORKER  PID  SLOTS  HOLDS  OLDEST      HEARD",
            "  vm      42   2      2      7 (11m00s)  1s ago",
            "  suspicious: item 7 has been worked on for 11m00s, far longer than others;"
                + " --timeout would end it",
            "  settings: attempts=3 losses=5 backoff=1s..1m lease-timeout=15s producer-grace=5m"
                + " keep=results backup=off stop-early=off");
  }

  @Test
  void statusForPrograms() {
    assertThat(Json.object(json -> StatusJson.write(json, status(new QueueState.Ready(), 11))))
        .isEqualTo(
            "{'queue':'job2','run':'r1','standing':'ready','says':'working','pausedFor':null,"
                    .replace('\'', '"')
                + "'counts':{'waiting':5,'leased':2,'delayed':1,'done':11,'dead':1,'total':20,'elsewhere':0},"
                    .replace('\'', '"')
                + "'perSecond':12.34,'etaSeconds':65.0,'p99Seconds':0.064,'startedAt':'2026-01-01T00:00:00Z','endedAt':null,'copies':{'underWay':0,'made':0,'won':0},"
                    .replace('\'', '"')
                + "'producers':[{'source':'scan','state':'open','filled':20,'lastHeardSeconds':2.0}],"
                    .replace('\'', '"')
                + "'sessions':[{'id':'s1','worker':'vm','pid':42,'slots':2,'holds':2,'oldest':{'id':'7','attempt':1,'ageSeconds':660.0,'suspicious':true},'lastHeardSeconds':1.5,'expired':false,'lapsed':false}],"
                    .replace('\'', '"')
                + "'settings':{'attempts':3,'losses':5,'backoff':'1s..1m','lease-timeout':'15s','lapse':'15s','producer-grace':'5m','keep':'results','results-max':0,'payload-max':1048576,'result-max':1048576,'retention':'7d','backup':'off','stop-early':'off'}}"
                    .replace('\'', '"'));
  }

  @Test
  void progressOnATerminalAndInALog() {
    QueueStatus half = status(new QueueState.Ready(), 11);
    assertThat(ProgressText.bar(half, END, 3_000, 79))
        .isEqualTo(
            "[############........]  60%  11/20  1 dead  1 delayed  12.3/s  ETA 3m to 8m  3s");
    assertThat(ProgressText.bar(half, END, 3_000, 30)).hasSizeLessThanOrEqualTo(30);
    assertThat(ProgressText.colouredBar(half, END, 3_000, 79))
        .isEqualTo(
            "[############........]  60%  11/20  \033[31m1 dead\033[0m  1 delayed  12.3/s"
                + "  ETA 3m to 8m  3s");
    assertThat(ProgressText.line(half, new ProgressText.End(false, ""), 3_000))
        .isEqualTo("job2: 11/20+  1 dead  1 delayed  12.3/s  3s");
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
}
