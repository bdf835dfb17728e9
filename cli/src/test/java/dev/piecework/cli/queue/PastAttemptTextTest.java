package dev.piecework.cli.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.ItemView.PastAttempt;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Failed attempts, as people are shown them. */
class PastAttemptTextTest {

  @Test
  void pastAttemptsAreShown() {
    PastAttempt past =
        new PastAttempt(Instant.ofEpochSecond(1), "2", "vm", "failed", "exit code 1\nno\ta");
    assertThat(PastAttemptText.sentence(past, 80))
        .isEqualTo("1970-01-01T00:00:01Z attempt 2 on vm failed: exit code 1");
  }
}
