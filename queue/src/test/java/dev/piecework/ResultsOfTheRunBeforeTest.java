package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Who reads results while the next run begins. They took the first empty page for the end: what was
 * not read by then stayed in Redis, where nobody could read it, and they had said that all is well.
 */
class ResultsOfTheRunBeforeTest {

  private final Bench bench = Bench.shared();

  @AfterEach
  void close() {
    bench.close();
  }

  private WorkQueue queue() {
    return bench.with(Bench.SETTINGS.withKeep(Keep.RESULTS));
  }

  private void oneRun(int items) {
    WorkQueue queue = queue();
    queue.fill(Bench.numbers(items));
    assertThat(Bench.drain(Bench.session(queue))).hasSize(items);
    assertThat(queue.isDrained()).isTrue();
  }

  private static List<String> ids(List<Result> results) {
    return results.stream().map(Result::id).toList();
  }

  @Test
  void areReadToTheirEndAndDropped() {
    oneRun(5);
    WorkQueue reader = queue();
    ResultLog log = reader.admin().resultLogs().getFirst();
    assertThat(ids(log.after(0, 2))).containsExactly("1", "2");
    log.dropUpTo(1);

    oneRun(3);

    assertThat(ids(log.after(2, 9))).containsExactly("3", "4", "5");
    assertThat(log.after(5, 9)).isEmpty();
    log.dropUpTo(4);
    assertThat(log.after(0, 9).getFirst().sequence()).isEqualTo(5);
    assertThat(reader.results().map(Result::id)).containsExactly("5");
    ResultLog now = bench.open().admin().resultLogs().getFirst();
    assertThat(ids(now.after(0, 9))).containsExactly("1", "2", "3");
  }

  @Test
  void areNotTakenForAllWhenTheyCannotBeReadAnyMore() {
    oneRun(5);
    WorkQueue reader = queue();
    ResultLog log = reader.admin().resultLogs().getFirst();
    assertThat(log.after(0, 2)).hasSize(2);

    oneRun(3);
    oneRun(3);

    assertThatThrownBy(() -> log.after(2, 9))
        .isInstanceOf(RunLostException.class)
        .hasMessageContaining("cannot be read any more");
    assertThatThrownBy(() -> reader.results().count()).isInstanceOf(RunLostException.class);
  }
}
