package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testrun.Needs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On a real terminal: what others wrote makes it do nothing, whichever way it comes out. */
@Needs("script")
class TerminalIT {

  /** Clears the screen, sets the title, turns letters round, and begins a C1 sequence. */
  private static final String EVIL = "\u001b[2J\u001b]0;title\u0007\u202etxt\u009b31m\b\r!";

  @RegisterExtension final Piecework piecework = new Piecework();

  // Whatever it prints, on a terminal of its own: stdout and stderr are one.
  private String onTerminal(String words) throws Exception {
    return piecework
        .startProgram("script", "-qec", "exec \"$PIECEWORK\" " + words, "/dev/null")
        .end()
        .out();
  }

  private static void assertHarmless(String printed) {
    // Our own: back to the start of the line, and clear it.
    String others = printed.replace("\r\u001b[K", "").replace("\r\n", "\n");
    assertThat(others)
        .doesNotContain("\u001b[2J", "\u001b]", "\u0007", "\u202e", "\u009b", "\b", "\r!");
  }

  @Test
  void payloadsResultsErrorsAndNamesAreShownAndNotObeyed() throws Exception {
    piecework.with("EVIL", EVIL);
    piecework.here("fill", "q", "--as", "src", "--", EVIL).expect(0);
    assertHarmless(onTerminal("items q"));
    assertHarmless(onTerminal("items q -o json"));
    assertHarmless(onTerminal("work q --sh 'printf %s \"$EVIL\" >&2; exit 65'"));
    for (String words :
        List.of(
            "items q --state dead",
            "items q --state dead --details",
            "items q --state dead -o json",
            "items q --group --details",
            "status q")) {
      assertHarmless(onTerminal(words));
    }
    for (String words : List.of("items q --id", "requeue q --id", "fill")) {
      assertHarmless(onTerminal(words + " \"$EVIL\""));
    }
    piecework.here("requeue", "q", "--all").expect(0);
    assertHarmless(onTerminal("work q --sh 'printf %s \"$EVIL\"'"));
    for (String form : List.of("jsonl", "csv", "raw")) {
      String shown = onTerminal("results q -o " + form);
      assertHarmless(shown);
      assertThat(shown).contains("[2J");
    }
    assertHarmless(onTerminal("run -q r --from /etc/hostname --sh 'printf %s \"$EVIL\"'"));
    piecework.with("NO_COLOR", "1");
    assertHarmless(onTerminal("results q -o raw"));
  }

  @Test
  void whatIsPipedIsAsItWas() throws Exception {
    piecework.with("EVIL", EVIL);
    assertThat(piecework.runWith("a\n", "run", "--sh", "printf %s \"$EVIL\"").expect(0).out())
        .isEqualTo(EVIL);
  }
}
