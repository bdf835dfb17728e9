package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.internal.session.SingleSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An idle session finds by itself, in what Redis has, what it should start again. */
class BackupSearchTest {

  private final Bench bench = Bench.shared();
  private final WorkQueue queue = bench.with(Bench.SETTINGS.withBackup(true));
  private Session busy;
  private Session idle;

  @BeforeEach
  void twentyAreDone() {
    queue.fill(Bench.numbers(21));
    busy = queue.session(SessionInfo.local("busy", 4));
    idle = bench.open().session(SessionInfo.local("idle", 4));
    Settlement.Took second = new Settlement.Took(Instant.EPOCH.plusMillis(1), SECOND, 0);
    List<Settlement> ends = new ArrayList<>();
    for (Lease lease : busy.lease(20).leases()) {
      ends.add(new Settlement.Complete(lease, null, null, second));
    }
    busy.step(ends, 0);
    ((SingleSession) busy).beat(); // tells how long they took
  }

  private static final Duration SECOND = Duration.ofSeconds(1);

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void whatIsFarTooOldIsTaken() {
    Lease original = busy.lease(1).leases().getFirst();
    assertThat(idle.lease(1).leases()).isEmpty();
    assertThat(idle.backUp()).as("just begun").isEmpty();
    bench.advance(SECOND.multipliedBy(4));
    Lease copy = idle.backUp().orElseThrow();
    assertThat(copy.id()).isEqualTo(original.id());
    assertThat(copy.token()).isEqualTo(original.token());
    assertThat(idle.backUp()).as("a second copy").isEmpty();
    QueueStatus.Copies copies = queue.admin().status().copies();
    assertThat(copies).isEqualTo(new QueueStatus.Copies(1, 1, 0));
    copy.complete();
    assertThat(queue.admin().status().copies()).isEqualTo(new QueueStatus.Copies(0, 1, 1));
    assertThat(queue.isDrained()).isTrue();
  }

  @Test
  void nothingIsTakenWhereNobodyAskedForIt() {
    queue.admin().set(java.util.Map.of("backup", "off"));
    busy.lease(1);
    idle.lease(1);
    bench.advance(SECOND.multipliedBy(60));
    ((SingleSession) idle).beat(); // hears of the change
    assertThat(idle.backUp()).isEmpty();
  }

  @Test
  void notByAnotherSessionOfTheSameWorker() {
    busy.lease(1);
    Session twin = bench.open().session(SessionInfo.local("busy", 4));
    twin.lease(1);
    bench.advance(SECOND.multipliedBy(60));
    assertThat(twin.backUp()).isEmpty();
    assertThat(idle.lease(1).leases()).isEmpty();
    assertThat(idle.backUp()).isPresent();
  }
}
