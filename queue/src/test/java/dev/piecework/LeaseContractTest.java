package dev.piecework;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract on Redis: leasing, the four ends of a lease, order and bounds. */
@ParameterizedClass
@MethodSource("places")
@Tag("slow")
class LeaseContractTest extends LeaseContract {

  @Parameter ServedPlace place = Place.STANDALONE.here();

  static List<ServedPlace> places() {
    return ServedPlace.all(Place.values());
  }

  @Override
  protected Bench newBench() {
    return new Bench(place::config);
  }
}
