package dev.piecework.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.piecework.testrun.Needs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a command finds, and what becomes of what it prints. */
class CommandsIT {

  @RegisterExtension final Piecework piecework = new Piecework();

  private Piecework.Ended bash(String text) throws Exception {
    return piecework.startProgram("bash", "-c", text).end();
  }

  @Test
  void functionsThatTheCallersShellExportsReachCommands() throws Exception {
    Piecework.Ended end =
        bash(
            "f() { echo \"f of $1\"; }; export -f f;"
                + " seq 2 | \"$PIECEWORK\" run -p 1 -- bash -c 'f \"$1\"' bash {}");

    end.expect(0);
    assertThat(end.lines()).containsExactly("f of 1", "f of 2");
  }

  @Test
  @Needs("python3")
  void theEnvironmentIsTheCallersByteByByteBesideWhatTheContractAdds() throws Exception {
    bash("cat >odd <<'END'\n"
            + "import os, sys\n"
            + "os.execve(sys.argv[1], sys.argv[1:], {**os.environb,"
            + " b'a.b': b'1', b'dash-ed': b'2\\n3', b'BYTES': b'a\\xffb', b'LC_ALL': b'C',"
            // Names that scripts on the way have for themselves.
            + " b'cache': b'/c', b'all': b'4', b'self': b'', b'line': b'5'})\n"
            + "END\n"
            + "python3 odd /usr/bin/env -0 | sort -z >ours\n"
            + "echo 1 | python3 odd \"$PIECEWORK\" run -- env -u 'X{}' -0"
            + " | grep -azv '^PIECEWORK_[A-Z]*=' | sort -z >theirs\n"
            + "grep -azv '^PIECEWORK_[A-Z]*=' ours >beside\n")
        .expect(0);

    assertThat(variables("theirs")).containsExactlyElementsOf(variables("beside"));
    assertThat(variables("theirs"))
        .contains("a.b=1", "dash-ed=2\n3", "BYTES=a\u00ffb", "LC_ALL=C", "cache=/c");
  }

  /** But for those that any shell sets for itself, as the launcher is one. */
  private List<String> variables(String file) throws Exception {
    String text = new String(Files.readAllBytes(piecework.file(file)), StandardCharsets.ISO_8859_1);
    return List.of(text.split("\0")).stream()
        .filter(one -> !one.matches("(?s)(_|PWD|OLDPWD|SHLVL)=.*"))
        .toList();
  }

  @Test
  void theSoftLimitOfOpenFilesIsTheCallersAndSoIsTheHardOne() throws Exception {
    Piecework.Ended end =
        bash(
            "ulimit -S -n 300; ulimit -H -n 900;"
                + " echo 1 | \"$PIECEWORK\" run --sh 'ulimit -S -n; ulimit -H -n'");

    end.expect(0);
    assertThat(end.lines()).containsExactly("300", "900");
  }

  @Test
  void tooFewOpenFilesMakeFewerSlotsAndNoDeadItems() throws Exception {
    Piecework.Ended end =
        bash(
            "ulimit -n 256; seq 300 |"
                + " \"$PIECEWORK\" run -p 200 --attempts 1 -- sh -c 'sleep 0.1; echo $1' x");

    end.expect(0);
    assertThat(end.lines()).hasSize(300);
    assertThat(end.err()).containsPattern("200 slots would need \\d+ open files, the limit is 256");
  }

  @Test
  void whereNoSlotHasEnoughOpenFilesNothingIsBegun() throws Exception {
    Piecework.Ended end = bash("ulimit -n 90; echo 1 | \"$PIECEWORK\" run -p 2 -- touch ran");

    end.expect(2);
    assertThat(end.err()).contains("the limit is 90 (ulimit -n)");
    assertThat(piecework.file("ran")).doesNotExist();
  }

  @Test
  void aFullPlaceForTemporaryFilesCutsNoResult() throws Exception {
    assumeTrue(bash("unshare -Urm true").code() == 0, "user namespaces are not allowed here");
    String text =
        "mkdir full; mount -t tmpfs -o size=1m none full; mount -t tmpfs -o size=1m none /dev/shm;"
            + " export TMPDIR=$PWD/full; fill='cat /dev/zero >$0/o 2>/dev/null;';"
            + " echo one | \"$PIECEWORK\" run -- sh -c \"$fill echo hello\" $PWD/full;"
            + " echo $?;"
            + " rm -f full/o;"
            + " echo two | \"$PIECEWORK\" run --time-limit 2s --"
            + " sh -c \"$fill printf hello >\\$PIECEWORK_RESULT || :\" $PWD/full";
    Piecework.Ended end = piecework.startProgram("unshare", "-Urm", "bash", "-c", text).end();

    assertThat(end.lines()).first().isEqualTo("hello");
    assertThat(end.lines()).doesNotContain("hell");
    // The second wrote its result to where there was no room: none is better than a part.
    assertThat(end.code()).isNotZero();
    assertThat(end.out()).containsOnlyOnce("hello");
  }

  @Test
  void aResultAboveTheLimitSaysWhichOptionRaisesIt() throws Exception {
    Piecework.Ended end =
        piecework.runWith("1\n", "run", "-q", "q", "--sh", "head -c 3000000 /dev/zero");

    end.expect(1);
    assertThat(end.err().lines().toList().getLast())
        .contains("1 dead", "--result-max", "piecework set q result-max=SIZE", "--retry-dead");
    assertThat(piecework.here("items", "q", "--state", "dead").out())
        .contains("3000000 bytes", "--result-max", "piecework set q result-max=");
  }
}
