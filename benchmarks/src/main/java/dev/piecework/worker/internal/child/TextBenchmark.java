package dev.piecework.worker.internal.child;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.worker.internal.call.ShellText;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The text that an item becomes on its way to a command or a child, and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TextBenchmark {

  @Param({"10", "1000"})
  public int payloadBytes;

  private final ShellText shell = new ShellText();
  private byte[] payload = {};
  private byte[] answer = {};

  @Setup
  public void fill() {
    payload = "it's ".repeat(payloadBytes / 5).getBytes(UTF_8);
    String text = new String(payload, UTF_8);
    answer = ("{\"id\": \"1234567\", \"result\": \"" + text + "\"}").getBytes(UTF_8);
  }

  /** A word of a command, quoted for the shell that starts it. */
  @Benchmark
  public Object quote() {
    return shell.clear().quoted(payload);
  }

  /** A child's answer to one item. */
  @Benchmark
  public Optional<?> parseAnswer() {
    return Answer.parse(answer, 0, answer.length);
  }
}
