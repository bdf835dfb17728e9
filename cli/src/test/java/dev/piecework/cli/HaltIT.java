package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The words of GNU parallel for stopping early. */
class HaltIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  private Piecework.Ended run(String script, String... options) throws Exception {
    List<String> words =
        new ArrayList<>(List.of("run", "-q", "q", "--from", piecework.file("list").toString()));
    words.addAll(List.of(options));
    words.addAll(List.of("--sh", script));
    return piecework.here(words.toArray(String[]::new));
  }

  @Test
  void soonLetsWhatRunsEnd() throws Exception {
    piecework.write("list", "a\nb\nc\nd\ne\nf\ng\nh\n");
    var ended = run("exit 65", "-p", "1", "--halt", "soon,fail=3").expect(1);
    assertThat(ended.err()).contains("stopped early");
    String status = piecework.here("status", "q", "-o", "json").expect(0).out();
    assertThat(status).contains("\"stop-early\":\"2\"");
  }

  // The other would run for an hour; what it works on is given back, not failed.
  @Test
  void nowEndsWhatRuns() throws Exception {
    piecework.write("list", "good\nbad\n");
    String ready = piecework.file("ready").toString();
    String script =
        "if [ \"$1\" = good ]; then touch '"
            + ready
            + "'; exec sleep 3600; fi; while [ ! -e '"
            + ready
            + "' ]; do sleep 0.05; done; exit 65";
    var ended = run(script, "-p", "2", "--halt", "now,fail=1").expect(1);
    assertThat(ended.err()).contains("stopped early");
    String status = piecework.here("status", "q", "-o", "json").expect(0).out();
    assertThat(status).contains("\"waiting\":1", "\"dead\":1", "\"leased\":0");
  }

  @Test
  void neverGoesOnAndOtherWordsAreRefused() throws Exception {
    piecework.write("list", "a\nb\n");
    assertThat(run("exit 65", "--halt", "never").expect(1).err()).contains("2 dead");
    refused("--limit N", "--halt", "now,success=1");
    refused("--limit N", "--halt", "soon,done=3");
    refused("is neither never nor", "--halt", "soon,fail=0");
    refused("is neither never nor", "--halt", "soon,fail=101%");
    refused("say the same", "--halt", "soon,fail=2", "--stop-early", "5");
  }

  private void refused(String why, String... options) throws Exception {
    assertThat(run("true", options).expect(2).err()).contains(why).hasLineCount(1);
  }
}
