package dev.piecework.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/**
 * Feeds something that reads what others wrote with inputs that nobody would write: good ones, cut,
 * stirred and mixed with each other. 3,000 of them, or {@code -Dpiecework.fuzz=N}; the seed is
 * printed, and {@code -Dseed=N} takes it again.
 */
public final class Fuzz {
  /** Far above what any takes, on a machine that is busy: what this finds takes hours. */
  private static final Duration MOST = Duration.ofMinutes(1);
  private static final List<String> NASTY =
      List.of(
          "\u0000",
          "\n",
          "\r\n",
          "\"",
          "\\",
          "{",
          "}",
          "[",
          "]",
          ":",
          ",",
          "-",
          "--",
          "=",
          "&a ",
          "*a",
          "!!binary ",
          "\u001b[2J",
          "\ufeff",
          "\u2028",
          "\\u0000",
          "\\ud800",
          "1e999",
          "0x",
          "99999999999999999999",
          "-1",
          "null",
          "~",
          "true",
          "'",
          "%",
          "{{",
          "$(reboot)",
          "\t",
          "#");

  /** What is done with one input; it throws what it must not. */
  @FunctionalInterface
  public interface Reader {
    void read(byte[] input) throws Exception;
  }

  private final String what;
  private final List<byte[]> samples;

  /**
   * @param what for the messages
   * @param samples good inputs to begin with
   */
  public Fuzz(String what, List<String> samples) {
    this.what = what;
    this.samples = samples.stream().map(s -> s.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /** How many inputs each reader gets. */
  public static int inputs() {
    return Integer.getInteger("piecework.fuzz", 1_000);
  }

  /** Gives all inputs to the reader; fails with the first that makes it throw or take too long. */
  public void feed(Reader reader) {
    long first = Long.getLong("seed", new Random().nextLong());
    System.out.println("Fuzz of " + what + ": " + inputs() + " inputs, -Dseed=" + first);
    for (int i = 0; i < inputs(); i++) {
      byte[] input = input(new Random(first + i));
      long begun = System.nanoTime();
      try {
        reader.read(input);
      } catch (Exception | AssertionError | StackOverflowError wrong) {
        throw new AssertionError(
            "input "
                + i
                + " of -Dseed="
                + first
                + " (the first of -Dseed="
                + (first + i)
                + "): "
                + shown(input),
            wrong);
      }
      if (System.nanoTime() - begun > MOST.toNanos()) {
        throw new AssertionError("takes more than " + MOST + ": " + shown(input));
      }
    }
  }

  private static String shown(byte[] input) {
    return new String(input, StandardCharsets.UTF_8)
        + " (Base64 "
        + Base64.getEncoder().encodeToString(input)
        + ")";
  }

  private byte[] input(Random random) {
    byte[] input = any(random);
    int changes = random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      input = changed(random, input);
    }
    return input;
  }

  private byte[] any(Random random) {
    return samples.get(random.nextInt(samples.size()));
  }

  private byte[] changed(Random random, byte[] input) {
    int at = random.nextInt(input.length + 1);
    int to = Math.min(input.length, at + random.nextInt(20));
    return switch (random.nextInt(8)) {
      case 0 -> joined(part(input, 0, at)); // cut short
      case 1 -> joined(part(input, 0, at), part(input, to, input.length));
      case 2 -> joined(part(input, 0, to), part(input, at, input.length)); // said twice
      case 3 -> {
        byte[] bytes = new byte[1 + random.nextInt(4)];
        random.nextBytes(bytes);
        yield joined(part(input, 0, at), bytes, part(input, at, input.length));
      }
      case 4 -> {
        byte[] copy = input.clone();
        if (copy.length > 0) {
          copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        }
        yield copy;
      }
      case 5 -> {
        byte[] other = any(random);
        int from = random.nextInt(other.length + 1);
        yield joined(part(input, 0, at), part(other, from, other.length));
      }
      case 6 -> {
        String many = NASTY.get(random.nextInt(NASTY.size())).repeat(1 + random.nextInt(2_000));
        yield joined(part(input, 0, at), utf8(many), part(input, to, input.length));
      }
      default -> {
        byte[] nasty = utf8(NASTY.get(random.nextInt(NASTY.size())));
        yield joined(part(input, 0, at), nasty, part(input, at, input.length));
      }
    };
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] part(byte[] bytes, int from, int to) {
    return java.util.Arrays.copyOfRange(bytes, from, to);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
