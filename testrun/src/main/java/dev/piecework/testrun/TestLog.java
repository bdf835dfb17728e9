package dev.piecework.testrun;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes what each test came to into the file that {@value #FILE} names, for {@code ./check}: a
 * line, divided by tabs, of the module, {@code passed}, {@code failed} or {@code skipped}, the
 * class, the method, the milliseconds, the milliseconds of CPU and the reason. The CPU is what this
 * JVM and the processes that have ended below it took since the line before, so it has the set-up
 * too; it is 0 where there is no /proc. All JVMs of a run append to one file. The reports of
 * Maven's plugins would not do: of a class that is run once for each parameter they keep the last.
 */
public final class TestLog implements TestExecutionListener {
  /** The system property with the file; without it nothing is written. */
  static final String FILE = "piecework.test.log";

  private static final int REASON_CHARS = 1_000;

  private final Map<String, Long> begun = new ConcurrentHashMap<>();
  private final @Nullable Path file;
  private final String module;
  private long cpuBefore = cpuMillis();

  /** For the service loader of JUnit; Maven's plugins run the tests in the folder of the module. */
  public TestLog() {
    this(System.getProperty(FILE, ""), Path.of("").toAbsolutePath().getFileName().toString());
  }

  TestLog(String file, String module) {
    this.file = file.isEmpty() ? null : Path.of(file);
    this.module = module;
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    if (test.isTest()) {
      begun.put(test.getUniqueId(), System.nanoTime());
    }
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    write("skipped", test, reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    String reason = result.getThrowable().map(Object::toString).orElse("");
    switch (result.getStatus()) {
      case SUCCESSFUL -> {
        if (test.isTest()) {
          write("passed", test, reason);
        }
      }
      case ABORTED -> write("skipped", test, reason);
      case FAILED -> write("failed", test, reason); // of a class: before its tests, or after them
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    begun.clear();
  }

  private void write(String what, TestIdentifier test, String reason) {
    if (file == null) {
      return;
    }
    Long began = begun.remove(test.getUniqueId());
    long millis = began == null ? 0 : (System.nanoTime() - began) / 1_000_000;
    String line =
        String.join(
            "\t",
            module,
            what,
            className(test),
            methodName(test),
            Long.toString(millis),
            Long.toString(cpuSinceTheLast()),
            oneLine(reason));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      // One write: lines of several JVMs do not mix.
      channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the log of tests", e);
    }
  }

  private synchronized long cpuSinceTheLast() {
    long now = cpuMillis();
    long taken = now - cpuBefore;
    cpuBefore = now;
    return taken;
  }

  // proc(5): fields 14 to 17 are user and system time, of this process and of its children that
  // were waited for, in hundredths of a second. The second field may have spaces, in brackets.
  private static long cpuMillis() {
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return 10 * Arrays.stream(fields, 11, 15).mapToLong(Long::parseLong).sum();
    } catch (IOException e) {
      return 0;
    }
  }

  // All of it: what an assertion says first is that something was expected, and what, only then.
  private static String oneLine(String reason) {
    String line = reason.strip().replaceAll("\\s+", " ");
    return line.length() > REASON_CHARS ? line.substring(0, REASON_CHARS) + "..." : line;
  }

  private static String className(TestIdentifier test) {
    return test.getSource()
        .map(source ->
            switch (source) {
              case MethodSource method -> method.getClassName();
              case ClassSource type -> type.getClassName();
              default -> test.getDisplayName();
            })
        .orElse(test.getDisplayName());
  }

  private static String methodName(TestIdentifier test) {
    return test.getSource()
        .map(source -> source instanceof MethodSource method ? method.getMethodName() : "")
        .orElse("");
  }
}
