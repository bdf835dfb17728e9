package dev.piecework.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StartFailureTest {

  @TempDir Path folder;

  /** Redis ends with the error's number in words; what is said after it explains less. */
  @ParameterizedTest
  @CsvSource({
    "No space left on device, the disk is full: Redis cannot write to",
    "Disk quota exceeded, your quota is used up: Redis cannot write to"
  })
  void whatHasNoRoomIsSaidToHaveNone(String error, String said) throws Exception {
    StateFolder state = new StateFolder(folder);
    Files.writeString(
        state.log(),
        "7:M 28 Nov 2026 10:00:00.000 # Error writing to the append only file: "
            + error
            + "\n7:M 28 Nov 2026 10:00:00.001 # Exiting\n");

    RedisServerException failure =
        StartFailure.read(state).explained(RedisBinary.find(System.getenv()));

    assertThat(failure).hasMessageContaining(said).hasMessageContaining("make room");
  }
}
