package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.client.WakeUpListener;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.state.StateReader;
import dev.piecework.testkit.RedisPerTest;
import dev.piecework.testkit.TestRedis;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/**
 * What an idle worker costs Redis, counted by Redis: each of a thousand used to look at the queue
 * and for expired sessions every second: 34 commands a second, 41 of a queue that is drained.
 */
@RedisPerTest
@Tag("slow")
class IdleCostTest {

  private static final int SESSIONS = 1_000;

  private Jedis redis;
  private Bench bench;
  private QueueClient client;
  private StateReader reader;

  @BeforeEach
  void open(TestRedis server) {
    redis = server.jedis();
    bench =
        new Bench(config ->
            new QueueConfig(
                server.uri(),
                config.name(),
                Bench.timeout(),
                QueueSettings.DEFAULTS,
                config.access()));
    client = bench.client().with(SessionOptions.DEFAULTS.followingRuns(), false); // it stays
    var unused = client.record().create();
    reader = new StateReader(client);
    for (int i = 0; i < SESSIONS; i++) {
      client.once(Script.ENLIST, client.scope("s" + i, ""), client.now(), "s" + i, "x");
    }
  }

  @AfterEach
  void close() {
    bench.close();
    redis.close();
  }

  @Test
  void aThousandIdleWorkersOfAQueueThatWasNeverFilled() {
    assertThat(reader.read().state()).isInstanceOf(QueueState.NeverFilled.class);
    assertThat(perSecond(0)).isLessThan(3.4);
  }

  @Test
  void aThousandIdleWorkersOfAQueueThatIsDrained() {
    bench.rpush("a");
    try (WorkQueue queue = bench.open();
        Session session = Bench.session(queue)) {
      assertThat(Bench.drain(session)).containsExactly("a");
    }
    assertThat(reader.read().state()).isInstanceOf(QueueState.Drained.class);
    // Who knows the run asks first for a batch: what ended answers ENDED.
    long asking = commands(() -> step(reader.read().run()));
    assertThat(perSecond(asking)).isLessThan(4.4);
  }

  @Test
  void whileAllAreAliveNobodyLooksForTheLapsed() {
    Duration leaseTimeout = QueueSettings.DEFAULTS.leaseTimeout();
    for (int third = 0; third < 6; third++) {
      bench.advance(leaseTimeout.dividedBy(3));
      for (int i = 0; i < SESSIONS; i++) {
        Reply beat = beat(i);
        if (third > 0 && i == SESSIONS - 1) { // all have been heard
          assertThat(beat.number("nextexpiry")).isGreaterThan(leaseTimeout.dividedBy(3).toMillis());
        }
      }
    }
  }

  @Test
  void whoDiesIsKnownToExpireWhenItDoes() {
    Duration leaseTimeout = QueueSettings.DEFAULTS.leaseTimeout();
    for (int third = 0; third < 2; third++) {
      bench.advance(leaseTimeout.dividedBy(3));
      assertThat(beat(1).number("nextexpiry"))
          .isEqualTo(leaseTimeout.toMillis() - (third + 1) * leaseTimeout.toMillis() / 3);
    }
    bench.advance(leaseTimeout.dividedBy(3));
    Reply expired = client.once(Script.EXPIRED, client.scope(), client.now());
    assertThat(expired.texts("sessions")).contains("s0").doesNotContain("s1");
  }

  // Beats, looks and blocked calls of one of them, in one second.
  private double perSecond(long asking) {
    long beats = commands(() -> beat(7)) + commands(() -> beat(8));
    long look = commands(reader::read) + asking;
    double interval = QueueSettings.DEFAULTS.heartbeatInterval().toSeconds();
    double between = StateReader.lookAgain(SESSIONS, 0.5).toMillis() / 1_000.0;
    double seconds = 1;
    while (WakeUpListener.longer(seconds) > seconds) {
      seconds = WakeUpListener.longer(seconds);
    }
    return beats / 2.0 / interval + look / between + 2 / seconds;
  }

  private Reply beat(int session) {
    return client.once(
        Script.BEAT, client.scope("s" + session, ""), client.now(), "s" + session, "");
  }

  private void step(String run) {
    client.workFor(run);
    client.once(
        Script.STEP,
        client.scope("s9", ""),
        client.now(),
        "s9",
        run,
        0,
        1,
        1 << 20,
        0,
        "0",
        "",
        "1");
  }

  private long commands(Runnable call) {
    call.run(); // the script is loaded
    long before = counted();
    call.run();
    return counted() - before;
  }

  // By all clients and in scripts, but for the looks themselves.
  private long counted() {
    return redis
        .info("commandstats")
        .lines()
        .filter(line -> line.startsWith("cmdstat_") && !line.startsWith("cmdstat_info"))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
        .sum();
  }
}
