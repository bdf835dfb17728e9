package dev.piecework.drill.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistoryFileTest {

  @TempDir Path folder;

  /** Ctrl-C interrupts a drill wherever it is; what it does after, to clean up, is recorded too. */
  @Test
  void anInterruptOfWhoWritesDoesNotEndTheHistory() throws Exception {
    Path file = folder.resolve("client" + History.SUFFIX);
    try (HistoryFile history = HistoryFile.create(file)) {
      Thread.currentThread().interrupt();
      history.handled("a", 1);
      assertThat(Thread.interrupted()).as("it stays interrupted").isTrue();
      history.handled("b", 2);
    }
    assertThat(Files.readAllLines(file)).hasSize(2);
  }
}
