package dev.piecework.worker.internal.call;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.Outcome;
import dev.piecework.worker.process.CommandConfig;
import dev.piecework.worker.process.CommandUnusableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Builds calls, and says beforehand which the system would refuse. */
public final class CallBuilder {
  /** MAX_ARG_STRLEN of Linux, with the NUL at the end. */
  private static final int ONE_ARGUMENT = 131_072;

  /** What is allowed at least, and what is left free for what a command's loader adds. */
  private static final long LEAST_TOTAL = 128 << 10;

  private static final long SPARE = 16 << 10;

  private final long total;
  private final CommandConfig config;
  private final int slot;
  private final byte separator;

  public CallBuilder(CommandConfig config, int slot, boolean nul) {
    this.config = config;
    this.slot = slot;
    separator = (byte) (nul ? 0 : '\n');
    total = totalLimit() - SPARE - CallerEnvironment.size();
  }

  /** A call for one item, or for a batch. */
  public Call call(List<Attempt> attempts, boolean batch) throws CommandUnusableException {
    byte[] stdin = null;
    if (config.command().takesStdin()) {
      stdin = batch ? records(attempts) : attempts.getFirst().payload();
    }
    return new Call(
        config.command().arguments(attempts, slot), attempts, slot, stdin, null, () -> false);
  }

  /** What is to become of an item that cannot be given to a command, if so. */
  public Optional<Outcome> refusal(Attempt attempt, boolean batch) throws CommandUnusableException {
    Optional<Outcome> noRecord = config.command().unfilled(attempt).map(Outcome::bury);
    if (noRecord.isPresent()) {
      return noRecord;
    }
    long sum = 0;
    if (config.command().hasFieldVariables()) {
      Optional<Outcome> variables = refusedVariables(attempt);
      if (variables.isPresent()) {
        return variables;
      }
      sum = config.command().variables(attempt).stream().mapToLong(one -> one.length + 9L).sum();
    }
    if (config.command().takesStdin()) {
      if (batch && indexOf(attempt.payload(), separator) >= 0) {
        return Optional.of(
            Outcome.bury(
                separator == 0
                    ? "the payload has a NUL byte, which ends a record on standard input with --nul"
                    : "the payload has a newline, which ends a record on standard input: use"
                        + " --nul"));
      }
      return Optional.empty();
    }
    for (byte[] argument : config.command().arguments(List.of(attempt), slot)) {
      if (argument.length >= ONE_ARGUMENT) {
        return Optional.of(
            Outcome.bury(
                "the payload makes an argument of "
                    + argument.length
                    + " bytes, the system allows "
                    + (ONE_ARGUMENT - 1)
                    + ": use --stdin"));
      }
      if (indexOf(argument, (byte) 0) >= 0) {
        return Optional.of(
            Outcome.bury("the payload has a NUL byte, which no argument can have: use --stdin"));
      }
      sum += argument.length + 9L;
    }
    if (sum > total) {
      return Optional.of(
          Outcome.bury(
              "the arguments have "
                  + sum
                  + " bytes in all, the system allows "
                  + total
                  + ": use --stdin"));
    }
    return Optional.empty();
  }

  /** Whether the system takes all of these in one call. */
  public boolean fits(List<Attempt> attempts) throws CommandUnusableException {
    if (config.command().isMixture(attempts)) {
      return false;
    }
    long sum = 0;
    for (byte[] argument : config.command().arguments(attempts, slot)) {
      sum += argument.length + 9L;
    }
    // Their ids, numbers and tokens go into one variable each, which is limited like an argument.
    long ids = 0;
    for (Attempt attempt : attempts) {
      ids += Math.max(attempt.id().length() * 3L, 20) + 1;
    }
    return sum + 3 * ids <= total && ids + 64 < ONE_ARGUMENT;
  }

  private static Optional<Outcome> refusedVariables(Attempt attempt) {
    ItemRecord record = ItemRecord.of(attempt.payload());
    String clash = record == null ? null : record.clash();
    if (clash != null) {
      return Optional.of(Outcome.bury("the record cannot become variables: " + clash));
    }
    for (byte[] variable : record == null ? List.<byte[]>of() : record.variables()) {
      String name = new String(variable, 0, indexOf(variable, (byte) '='), StandardCharsets.UTF_8);
      if (variable.length >= ONE_ARGUMENT) {
        return Optional.of(
            Outcome.bury(
                name
                    + " would have "
                    + variable.length
                    + " bytes, the system allows "
                    + (ONE_ARGUMENT - 1)
                    + ": leave out --env-fields"));
      }
      if (indexOf(variable, (byte) 0) >= 0) {
        return Optional.of(
            Outcome.bury(name + " would have a NUL byte, which no variable can have"));
      }
    }
    return Optional.empty();
  }

  private byte[] records(List<Attempt> attempts) {
    int length = 0;
    for (Attempt attempt : attempts) {
      length += attempt.payload().length + 1;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (Attempt attempt : attempts) {
      System.arraycopy(attempt.payload(), 0, all, at, attempt.payload().length);
      at += attempt.payload().length;
      all[at++] = separator;
    }
    return all;
  }

  static int indexOf(byte[] bytes, byte one) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == one) {
        return i;
      }
    }
    return -1;
  }

  /** Linux: a quarter of the stack's limit, at most 6 MiB. */
  private static long totalLimit() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
        if (line.startsWith("Max stack size")) {
          String soft = line.substring("Max stack size".length()).strip().split(" +", 2)[0];
          long bytes = soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
          return Math.clamp(bytes / 4, LEAST_TOTAL, 6 << 20);
        }
      }
    } catch (IOException | RuntimeException e) {
      // Another system: what POSIX systems have had for long.
    }
    return 256 << 10;
  }
}
