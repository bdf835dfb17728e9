package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.piecework.testrun.Needs;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code status --watch} on a real terminal: it draws, follows, fits and leaves no trace. */
@Needs("script")
class WatchIT {

  private static final String ENTER = "\u001b[?1049h";
  private static final String LEAVE = "\u001b[?1049l";
  private static final String HOME = "\u001b[H";

  static List<Arguments> waysOut() {
    String controlC = "\u0003";
    return List.of(Arguments.of("q", 0), Arguments.of(controlC, 130));
  }

  @RegisterExtension final Piecework piecework = new Piecework();

  private Piecework.Started watch(String kind) throws Exception {
    piecework.with("TERM", kind);
    return piecework.startProgram(
        "script",
        "-qec",
        // Ctrl-C goes to this shell too, which would end of it before it looked at the terminal.
        "trap : INT; stty rows 24 cols 80; tty >tty; stty -g >before; \"$PIECEWORK\" status q --watch; code=$?;"
            + " stty -g >after; exit $code",
        "/dev/null");
  }

  private static List<String> lastFrame(Piecework.Started watch) throws Exception {
    String out = watch.out();
    // The last may not be whole yet.
    int end = out.lastIndexOf("\u001b[?2026l");
    int start = out.lastIndexOf(HOME, end);
    return start < 0
        ? List.of()
        : out.substring(start, end).replaceAll("\u001b\\[[0-9?]*[a-zA-Z]|\r", "").lines().toList();
  }

  private void assertLeftNoTrace(String out) throws Exception {
    assertThat(out).containsOnlyOnce(ENTER).containsOnlyOnce(LEAVE);
    assertThat(out.substring(0, out.indexOf(ENTER))).isEmpty();
    assertThat(Files.readString(piecework.file("after")))
        .isEqualTo(Files.readString(piecework.file("before")));
  }

  @ParameterizedTest
  @MethodSource("waysOut")
  void itFollowsAndFitsAndWhoLeavesHasTheScreenAsItWas(String key, int code) throws Exception {
    piecework.here("fill", "q", "a", "b\u001b]0;title\u0007").expect(0);
    Piecework.Started watch = watch("xterm");
    await()
        .atMost(Piecework.TIMEOUT)
        .untilAsserted(() -> {
          List<String> frame = lastFrame(watch);
          assertThat(frame).anyMatch(line -> line.contains(". 2 waiting  of 2"));
          // While Redis is slow to answer, that is in this corner.
          assertThat(frame.getFirst())
              .startsWith("q: items wait to be leased")
              .endsWith("q: leave");
        });
    piecework.here("fill", "q", "c").expect(0);
    watch.awaitOut(". 3 waiting  of 3");

    String tty = Files.readString(piecework.file("tty")).strip();
    Process resize = new ProcessBuilder("stty", "-F", tty, "rows", "5", "cols", "24").start();
    assertThat(resize.waitFor()).isZero();
    await()
        .atMost(Piecework.TIMEOUT)
        .until(() -> lastFrame(watch).stream().allMatch(line -> line.length() < 24));
    assertThat(lastFrame(watch))
        .hasSizeLessThanOrEqualTo(5)
        .contains("# 0 done  x 0 dead", ". 3 waiting  of 3");

    watch.say(key);
    String out = watch.end().expect(code).out();
    assertLeftNoTrace(out);
    assertThat(out).endsWith(LEAVE);
  }

  @Test
  void atTheEndTheStatusIsBelowWhatWasThere() throws Exception {
    piecework.here("fill", "q", "a", "b", "--attempts", "1").expect(0);
    Piecework.Started watch = watch("xterm");
    watch.awaitOut("2 waiting");
    piecework.run("work", "q", "--sh", "[ $1 = a ] || { echo bad 17 >&2; exit 3; }").expect(0);
    String out = watch.end().expect(0).out();
    assertLeftNoTrace(out);
    assertThat(out.substring(out.indexOf(LEAVE)))
        .contains("q: drained, 1 item dead", "1 done, 1 dead", ": exit code 3, bad N")
        .doesNotContain(HOME);
  }

  @Test
  void aTerminalThatObeysNothingHasALineForEachChange() throws Exception {
    piecework.here("fill", "q", "a").expect(0);
    Piecework.Started watch = watch("dumb");
    watch.awaitOut("q: items wait to be leased; 1 waiting");
    piecework.here("drop", "q", "--payload", "a").expect(0);
    String out = watch.end().expect(0).out();
    assertThat(out).contains("q: drained; 0 waiting").doesNotContain("\u001b");
  }
}
