package dev.piecework.worker.process;

import dev.piecework.worker.Attempt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One start of the command.
 *
 * @param arguments the command's absolute path and its arguments
 * @param attempts whom it is for, at least one
 * @param stdin what it reads, or null for /dev/null
 */
record Call(List<byte[]> arguments, List<Attempt> attempts, byte @Nullable [] stdin) {}
