package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.testrun.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the launcher lies, who calls it how, and what Java there is. */
class SurroundingsIT {

  private static final String WORKS = "\"$1\" fill q ä b && \"$1\" items q -o json";

  // A Redis may still be writing there: the machine removes it.
  @TempDir(cleanup = CleanupMode.NEVER)
  Path folder;

  private BareMachine machine;
  private String launcher = BareMachine.DISTRIBUTION + "/bin/piecework";

  @AfterEach
  void remove() {
    machine.remove();
  }

  @BeforeEach
  void machine() throws IOException {
    machine = new BareMachine(folder);
  }

  private void assertWorks(String script) throws Exception {
    var ended = machine.sh(script, launcher).expect(0);
    assertThat(ended.out()).contains("2 items added", "\"ä\"");
    assertThat(ended.err()).isEmpty();
  }

  private void place(String name) throws IOException {
    Path link =
        Files.createSymbolicLink(
            Files.createDirectories(folder.resolve(name)).resolve("dist"),
            BareMachine.DISTRIBUTION);
    launcher = link + "/bin/piecework";
  }

  @Test
  void aFolderMayHaveAnyName() throws Exception {
    place("with spaces, it's \"quoted\" ünï a;b&c|d $HOME `id` a=b *?");

    assertWorks(WORKS);
  }

  @Test
  void aColonThatWouldCutTheClassPathIsRefused() throws Exception {
    place("a:b");

    var ended = machine.sh("\"$1\" status", launcher).expect(70);

    assertThat(ended.err().lines()).hasSize(1);
    assertThat(ended.err()).contains("colon", "a:b");
  }

  @Test
  void aLinkOnThePathLeadsHome() throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("second"), Path.of(launcher));
    Files.createSymbolicLink(bin.resolve("pw"), Path.of("second"));
    machine.withPath(bin);
    launcher = "pw";

    assertWorks("cd / && " + WORKS);
  }

  // Several at once: each is another start, and another Redis.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "LANG=xx_XX.UTF-8 CDPATH=/tmp:/usr JAVA_HOME=/no/where TMPDIR=/no/where",
        "LC_ALL=C POSIXLY_CORRECT=1 TZ=No/Where ENV=/no/where"
      })
  void variablesThatAreOddDoNotMatter(String variables) throws Exception {
    for (String variable : variables.split(" ", -1)) {
      String[] parts = variable.split("=", 2);
      machine.environment().put(parts[0], parts[1]);
    }

    assertWorks(WORKS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"umask 077; cd /proc", "exec <&-; unset HOME"})
  void aShellThatIsOddDoesNotMatter(String first) throws Exception {
    machine.environment().put("XDG_STATE_HOME", folder + "/home/state");
    machine.environment().put("XDG_CACHE_HOME", folder + "/home/cache");

    assertWorks(first + "; " + WORKS);
  }

  @Test
  void anOlderJavaIsPassedOver() throws Exception {
    Path old = Files.createDirectories(folder.resolve("jdk-17"));
    Files.createDirectory(old.resolve("bin"));
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
    Files.writeString(old.resolve("bin/java"), "#!/bin/sh\necho old; exit 1\n");
    assertThat(old.resolve("bin/java").toFile().setExecutable(true)).isTrue();
    machine.environment().put("JAVA_HOME", old.toString());

    assertWorks(WORKS);
  }

  @Test
  @Needs("busybox")
  void busyboxsShellStartsItToo() throws Exception {
    assertWorks("busybox sh \"$1\" fill q ä b && busybox sh \"$1\" items q -o json");
  }

  @Test
  void toolsThatAreNotThereAreDoneWithout() throws Exception {
    machine.without("setsid", "flock", "ps", "pgrep", "timeout", "perl", "git", "find");

    assertWorks(WORKS);
    assertThat(machine.pieceworkWith("1\n2\n", "run", "--", "factor", "{}").expect(0).lines())
        .containsExactlyInAnyOrder("1:", "2: 2");
  }

  @Test
  void aClosedOutputIsNoSuccess() throws Exception {
    var ended = machine.sh("\"$1\" fill q a; exec >&-; \"$1\" status; echo $? >&2", launcher);

    assertThat(ended.err()).doesNotContain("\tat ").contains("standard output").endsWith("74\n");
  }
}
