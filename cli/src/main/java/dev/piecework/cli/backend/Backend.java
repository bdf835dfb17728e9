package dev.piecework.cli.backend;

import dev.piecework.cli.verb.BackendException;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A place that runs workers, such as a namespace of a cluster, as far as the workers of one name
 * are concerned. It is all that following, scaling, showing logs and deleting know of the place.
 *
 * <p>Each method asks the place anew, and throws {@link BackendException} when that answers with a
 * no, or not at all.
 */
public interface Backend {

  /** What the workers are called there. */
  String name();

  /** The word of the command line for its verbs, as in {@code piecework kube attach}. */
  String group();

  /** How the workers are now; nothing when there are none. */
  Optional<WorkersView> view();

  /**
   * Which bag of work the workers are on, by what is written on them.
   *
   * @throws BackendException too when there are none
   */
  BagOfWork bag();

  /**
   * The Redis of the workers, as this machine reaches it.
   *
   * @param fromHere its URL for this machine; null to find out
   */
  RedisAccess redis(@Nullable String fromHere);

  /**
   * Tells why workers do not run, each reason once.
   *
   * @param wanted how many should be running by now
   */
  void tellTroubles(int wanted, Consumer<String> line);

  /** Tells why a Redis that runs in the same place does not, each reason once. */
  void tellRedisTroubles(Consumer<String> line);

  /**
   * What the workers print, once it is asked for.
   *
   * @param line is given a worker's name and a line
   */
  WorkerLogs logs(BiConsumer<String, String> line);

  /** Changes how many workers there are at once. */
  void scale(int workers);

  /**
   * Removes all that was made under this name.
   *
   * @param keepRedis leave Redis and its data
   * @param removed is told each thing
   * @return how many there were
   */
  int remove(boolean keepRedis, Consumer<String> removed);

  /** A command line for people, as in {@code piecework kube attach job2}. */
  default String command(String verb) {
    return "piecework " + group() + " " + verb + " " + name();
  }
}
