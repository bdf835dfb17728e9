package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testrun.Effort;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EmbeddedRedisIT {

  private static final int VERBS = Effort.of(10);
  private static final int AT_ONCE = 10;

  @RegisterExtension final Piecework piecework = new Piecework();

  @Test
  void verbsAgainstItsIdleStopAllSucceed() throws Exception {
    piecework.with("PIECEWORK_REDIS_IDLE", "100ms");
    for (int begun = 0; begun < VERBS; begun += AT_ONCE) {
      List<Piecework.Started> verbs = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        verbs.add(piecework.start("fill", "q", "item" + (begun + i)));
      }
      for (Piecework.Started verb : verbs) {
        verb.end().expect(0);
      }
    }
    assertThat(piecework.here("status", "q").expect(0).out()).contains(VERBS + " waiting");
  }

  @Test
  void theForegroundRedisPrintsItsUrlAndEndsOnASignal() throws Exception {
    Piecework.Started redis = piecework.start("redis");
    redis.awaitOut("redis://");
    String uri = redis.out().strip();
    piecework.with("REDIS_URL", uri);
    piecework.here("fill", "q", "a").expect(0);
    redis.signal("TERM");
    redis.end().expect(143);
  }
}
