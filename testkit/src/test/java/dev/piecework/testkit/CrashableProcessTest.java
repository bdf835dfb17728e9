package dev.piecework.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;
import org.junit.jupiter.api.Test;

class CrashableProcessTest {

  @Test
  void talksToAJavaMain() {
    try (CrashableProcess echo = CrashableProcess.java(Echo.class, "hello").start()) {
      assertThat(echo.awaitLine("hello")).isEqualTo("said hello");
      echo.writeLine("again");
      assertThat(echo.awaitLine("again")).isEqualTo("said again");
      echo.closeInput();
      assertThat(echo.awaitExit()).isEqualTo(7);
      assertThat(echo.lines()).containsExactly("said hello", "said again");
    }
  }

  @Test
  void killsAndSaysSo() {
    try (CrashableProcess process = CrashableProcess.command("sleep", "1000").start()) {
      process.kill();
      assertThat(process.awaitExit()).isEqualTo(128 + 9);
    }
  }

  @Test
  void freezesAndThaws() {
    try (CrashableProcess cat = CrashableProcess.command("cat").start()) {
      cat.writeLine("one");
      cat.awaitLine("one");
      cat.freeze();
      cat.writeLine("two");
      assertThat(cat.lines()).containsExactly("one");
      cat.thaw();
      cat.awaitLine("two");
      cat.terminate();
      assertThat(cat.awaitExit()).isEqualTo(128 + 15);
    }
  }

  @Test
  void saysWhatItSawInstead() {
    try (CrashableProcess process =
        CrashableProcess.command("sh", "-c", "echo $WORD; echo oops >&2")
            .environment("WORD", "pear")
            .start()) {
      assertThatThrownBy(() -> process.awaitLine("apple"))
          .hasMessageContaining("'apple'")
          .hasMessageContaining("[pear]")
          .hasMessageContaining("[oops]");
    }
  }

  @Test
  void leavesNoGrandchild() {
    long grandchild;
    try (CrashableProcess process =
        CrashableProcess.command("sh", "-c", "sleep 1000 & echo $!; wait").start()) {
      grandchild = Long.parseLong(process.awaitLine(line -> true));
      process.kill(); // the parent alone: the grandchild is an orphan now
      assertThat(isAlive(grandchild)).isTrue();
    }
    Await.until("the grandchild is gone", () -> !isAlive(grandchild));
  }

  @Test
  void nothingOutlivesAKilledTest() {
    long child;
    try (CrashableProcess test = CrashableProcess.java(TestThatIsKilled.class).start()) {
      child = Long.parseLong(test.awaitLine(line -> true));
      Path folder = Path.of(test.awaitLine(line -> true));
      assertThat(folder).isDirectory();
      test.kill();
      Await.until("the lifeline has killed it", () -> !isAlive(child));
      Await.until("the lifeline has removed its folder", () -> Files.notExists(folder));
    }
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** Says what it is told, and ends with 7. */
  static final class Echo {
    public static void main(String[] args) {
      System.out.println("said " + args[0]);
      Scanner in = new Scanner(System.in, java.nio.charset.StandardCharsets.UTF_8);
      while (in.hasNextLine()) {
        System.out.println("said " + in.nextLine());
      }
      System.exit(7);
    }
  }

  /** Has a child and a folder, and waits to be killed. */
  static final class TestThatIsKilled {
    public static void main(String[] args) throws IOException, InterruptedException {
      CrashableProcess child = CrashableProcess.command("sleep", "1000").start();
      System.out.println(child.pid());
      System.out.println(ExitCleanup.temporaryFolder("piecework with a space-"));
      Thread.currentThread().join();
    }
  }
}
