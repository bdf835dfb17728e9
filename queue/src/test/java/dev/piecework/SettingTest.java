package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of settings. */
class SettingTest {

  static List<Setting<?>> all() {
    return Setting.all();
  }

  @ParameterizedTest
  @MethodSource("all")
  <T> void whatIsWrittenAndWhatIsStoredIsReadBack(Setting<T> setting) {
    T value = setting.defaultValue();
    assertThat(setting.parse(setting.format(value))).isEqualTo(value);
    List<Object> stored = setting.stored(value);
    assertThat(stored).hasSameSizeAs(setting.fields());
    Map<String, String> state = new HashMap<>();
    for (int i = 0; i < stored.size(); i++) {
      state.put(setting.fields().get(i), stored.get(i).toString());
    }
    assertThat(setting.read(state)).contains(value);
    state.remove(setting.fields().getLast());
    assertThat(setting.read(state)).isEmpty();
  }

  /** Names and fields are read by people, scripts and older clients. */
  @Test
  void theNamesStay() {
    assertThat(Setting.all().stream().map(Setting::name))
        .containsExactly(
            "attempts",
            "losses",
            "backoff",
            "lease-timeout",
            "producer-grace",
            "keep",
            "results-max",
            "payload-max",
            "result-max",
            "retention",
            "backup",
            "stop-early",
            "partitions");
    assertThat(Setting.all().stream().flatMap(setting -> setting.fields().stream()))
        .containsExactly(
            "attempts",
            "losses",
            "backoff-min",
            "backoff-max",
            "lapse",
            "producer-grace",
            "keep",
            "results-max",
            "payload-max",
            "result-max",
            "retention",
            "backup",
            "stop-early",
            "partitions");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "attempts|none|attempts is a whole number up to 1000000, not 'none'",
        "attempts|0|attempts is at least 1, not 0",
        "losses|1000001|losses is a whole number up to 1000000, not '1000001'",
        "backoff|2s..1s|backoff ends at or above its start, not 1s",
        "backoff|soon|backoff: 'soon' is not a duration",
        "lease-timeout|29ms|lease-timeout is at least 30 ms, not 29ms",
        "lapse|29ms|lease-timeout is at least 30 ms, not 29ms",
        "keep|all|keep is counts, results or history, not 'all'",
        "payload-max|0|payload-max is at least 1, not 0",
        "payload-max|513m|payload-max is at most 512m, not '513m'",
        "results-max|8000000t|results-max is at most 4611686018427387903, not '8000000t'",
        "retention|7|retention: '7' is not a duration",
        "backup|yes|backup is on or off, not 'yes'",
        "stop-early|half|stop-early: 'half' is neither auto nor off",
        "partitions|4|partitions never change: fill a queue of another name",
        "tries|4|no setting is named 'tries'; there are attempts, losses, backoff, lease-timeout,"
            + " producer-grace, keep, results-max, payload-max, result-max, retention,"
            + " backup, stop-early",
      })
  void whatIsRefusedIsNamed(String name, String text, String says) {
    assertThatThrownBy(() -> Setting.changeable(name).parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(says);
  }

  @Test
  void settingsAreValues() {
    QueueSettings changed = QueueSettings.DEFAULTS.withAttempts(7).withKeep(Keep.HISTORY);
    assertThat(changed).isNotEqualTo(QueueSettings.DEFAULTS);
    assertThat(changed.withAttempts(3).withKeep(Keep.COUNTS)).isEqualTo(QueueSettings.DEFAULTS);
    assertThat(changed)
        .isEqualTo(QueueSettings.DEFAULTS.withKeep(Keep.HISTORY).withAttempts(7))
        .hasSameHashCodeAs(QueueSettings.DEFAULTS.withKeep(Keep.HISTORY).withAttempts(7));
    assertThat(changed)
        .hasToString(
            "attempts=7 losses=5 backoff=1s..1m lease-timeout=15s producer-grace=5m keep=history"
                + " results-max=0 payload-max=1048576 result-max=1048576 retention=7d"
                + " backup=off stop-early=off");
    assertThat(changed.withLeaseTimeout(Duration.ofSeconds(3)).heartbeatInterval())
        .isEqualTo(Duration.ofSeconds(1));
  }

  /** Each row of the table, as it is here. */
  @Test
  void theDocumentHasTheTable() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "settings.md"));
    String table = Setting.all().stream().map(SettingTest::row).reduce("", String::concat);
    assertThat(document).contains(table);
  }

  private static <T> String row(Setting<T> setting) {
    return "| `"
        + setting
        + "` | "
        + setting.valueLabel().replace("|", ", ")
        + " | "
        + setting.format(setting.defaultValue())
        + " | `"
        + String.join("`, `", setting.fields())
        + "` | "
        + setting.description()
        + " |\n";
  }
}
