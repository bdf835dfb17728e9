package dev.piecework.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.Setting;
import dev.piecework.cli.queue.GivenSettings;
import dev.piecework.cli.verb.Refusal;
import dev.piecework.cli.verb.Verb;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Values of a verb's options: what is taken is what was meant, and what cannot be is refused. */
class WorkOptionsTest {

  private static void parse(Verb verb, String... words) {
    CommandLine.ParseResult _ = verb.parser("piecework work", "Work.").parseArgs(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x10",
        "1e3",
        "1.0",
        "",
        " 3",
        "3 ",
        "٣",
        "2147483648",
        "9999999999999999999",
        "+3",
        "-",
        "3_000",
        "#10"
      })
  void wholeNumbersThatAreNoneAreRefused(String text) {
    assertThatThrownBy(() -> parse(new WorkVerb(), "q", "--attempts", text))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("'" + text + "'");
  }

  /** Not eight: people write no octal numbers. */
  @ParameterizedTest
  @CsvSource({"010,10", "3,3", "2147483647,2147483647"})
  void wholeNumbersAreDecimal(String text, int number) {
    WorkVerb verb = new WorkVerb();
    parse(verb, "q", "--attempts", text, "--expect", text);
    assertThat(verb.settings.wished().attempts()).isEqualTo(number);
    assertThat(verb.which.expect).isEqualTo(number);
  }

  @ParameterizedTest
  @CsvSource({
    "--attempts,0,attempts is at least 1",
    "--losses,0,losses is at least 1",
    "--lease-timeout,10ms,'lease-timeout is at least 30 ms, not 10ms'",
    "--lapse,10ms,'lease-timeout is at least 30 ms, not 10ms'",
    "--payload-max,0,payload-max is at least 1",
    "--payload-max,4g,'payload-max is at most 512m, not 4g'",
    "--result-max,513m,'result-max is at most 512m, not 513m'",
  })
  void settingsOutOfTheirBoundsAreRefusedByName(String option, String value, String says) {
    WorkVerb verb = new WorkVerb();
    parse(verb, "q", option, value);
    assertThatThrownBy(() -> verb.settings.wished())
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(says);
  }

  /** Scripts of users have it. */
  @ParameterizedTest
  @ValueSource(strings = {"--lease-timeout", "--lapse"})
  void theLeaseTimeoutIsTakenByItsOldNameTooButNotByBoth(String option) {
    WorkVerb verb = new WorkVerb();
    parse(verb, "q", option, "7s");
    assertThat(verb.settings.wished().leaseTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(verb.settings.given().optionWords()).containsExactly("--lease-timeout", "7s");
    WorkVerb both = new WorkVerb();
    parse(both, "q", option, "7s", option.equals("--lapse") ? "--lease-timeout" : "--lapse", "7s");
    assertThatThrownBy(() -> both.settings.wished())
        .isInstanceOf(Refusal.class)
        .hasMessage("--lapse is --lease-timeout by its old name: give one of them");
  }

  /** A Job that an older version submitted is the same Job. */
  @Test
  void wordsWithTheOldNameEqualThoseWithThePresentOne() {
    assertThat(
            GivenSettings.byPresentNames(
                List.of("work", "q", "--lapse", "20s", "--", "echo", "--lapse")))
        .containsExactly("work", "q", "--lease-timeout", "20s", "--", "echo", "--lapse");
    assertThat(GivenSettings.byPresentNames(List.of("work", "--lapse", "20s", "--sh", "true")))
        .containsExactly("work", "--lease-timeout", "20s", "--sh", "true");
  }

  /** No setting is forgotten by the verbs that create a queue, nor by the help. */
  @Test
  void eachSettingIsAnOption() {
    CommandLine parser = new WorkVerb().parser("piecework work", "Work.");
    String help = parser.getUsageMessage(CommandLine.Help.Ansi.OFF);
    for (Setting<?> setting : Setting.all()) {
      assertThat(parser.getCommandSpec().findOption("--" + setting)).as("--" + setting).isNotNull();
      String value = setting.type() == Boolean.class ? "" : "=" + setting.valueLabel();
      assertThat(help).contains("--" + setting + value);
    }
    assertThat(help).doesNotContain("--lapse");
  }
}
