package dev.piecework.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.process.CommandTemplate;
import dev.piecework.worker.process.CommandUnusableException;
import dev.piecework.worker.process.FieldPlaces;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What the arguments of one item cost a worker, with a field of a record of five columns beside the
 * whole payload: it looks whether the item can be put in, then whether the system takes what comes
 * of it, then makes the call.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FieldsBenchmark {

  @Param({"{}", "{name}"})
  public String place = "{}";

  /** By turns: what is known of an item is of no use for the next. */
  private final Attempt[] attempts = {named("Ada Lovelace"), named("Mary Somerville")};

  private int next;

  private CommandTemplate made = CommandTemplate.of(List.of("/bin/echo"));

  private static Attempt named(String name) {
    String record =
        "{\"id\":\"1234567\",\"name\":\""
            + name
            + "\",\"city\":\"London\",\"price\":\"12.50\",\"street\":\"12 St James's Square\"}";
    return new Attempt("1", record.getBytes(UTF_8), 1, 1);
  }

  @Setup
  public void make() {
    FieldPlaces places = place.equals("{}") ? FieldPlaces.NONE : FieldPlaces.ALWAYS;
    made = CommandTemplate.of(List.of("/bin/echo", place)).withFields(places);
  }

  @Benchmark
  public Object item() throws CommandUnusableException {
    next ^= 1;
    Attempt attempt = attempts[next];
    List<Attempt> one = List.of(attempt);
    if (made.unfilled(attempt).isPresent() || made.arguments(one, 1).size() != 2) {
      throw new IllegalStateException(place);
    }
    return made.arguments(one, 1);
  }
}
