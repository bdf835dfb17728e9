package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A source that never ends is read no further than its items are worked on. */
class AheadIT {

  private static final Pattern DONE = Pattern.compile("\"done\":(\\d+)");
  private static final Pattern WAITING = Pattern.compile("\"waiting\":(\\d+)");

  @RegisterExtension final Piecework piecework = new Piecework();

  private long count(Pattern figure) throws Exception {
    Matcher found = figure.matcher(piecework.here("status", "q", "-o", "json").expect(0).out());
    assertThat(found.find()).isTrue();
    return Long.parseLong(found.group(1));
  }

  @Test
  @Tag("process")
  void aRunThatReadsWithoutEndHasNoMoreThanThatAhead() throws Exception {
    var run =
        piecework.startProgram(
            "sh",
            "-c",
            "mkfifo endless; yes >endless & exec \"$PIECEWORK\" run -q q -p 1 --ahead 2000"
                + " --results /dev/null --batch 100 -- sh -c 'sleep 0.05' sh <endless");
    run.awaitErr("not reading on for now");
    assertThat(run.err()).contains("in queue 'q', --ahead");
    await().atMost(Piecework.TIMEOUT).until(() -> count(DONE) > 3_000);
    // A chunk or two are on their way when it is looked.
    assertThat(count(WAITING)).isLessThan(2_000 + 3 * 1_000);
    run.signal("INT");
    run.end().expect(130);
  }

  // Nobody works: as many as there are go in, and none is waited for.
  @Test
  void aFillAloneIsNotHeldUp() throws Exception {
    piecework
        .startProgram("sh", "-c", "yes | head -30000 | \"$PIECEWORK\" fill q --ahead 1000")
        .end()
        .expect(0);
    assertThat(count(WAITING)).isEqualTo(30_000);
    refused("from 0 on", "--ahead", "-1");
    refused("as they come", "--ahead", "5", "--shuffle");
  }

  private void refused(String why, String... options) throws Exception {
    String[] words = new String[options.length + 2];
    words[0] = "fill";
    words[1] = "q";
    System.arraycopy(options, 0, words, 2, options.length);
    assertThat(piecework.here(words).expect(2).err()).contains(why).hasLineCount(1);
  }
}
