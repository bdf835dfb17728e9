package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.fill.Source;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract on Redis: filling, ids, sources. */
@ParameterizedClass
@MethodSource("places")
@Tag("slow")
class FillContractTest extends FillContract {

  @Parameter ServedPlace place = Place.STANDALONE.here();

  static List<ServedPlace> places() {
    return ServedPlace.all(Place.values());
  }

  @Override
  protected Bench newBench() {
    return new Bench(place::config);
  }

  private Bench redis() {
    return (Bench) bench;
  }

  @Test
  void aBeatThatArrivesAfterItsProducerFinishedOpensNothingAgain() {
    Source source =
        new Source(
            redis().client(),
            redis().client().record().create(),
            FillOptions.ANONYMOUS,
            QueueClient.newId(8),
            true);
    source.finish(false, null);
    assertThat(source.beat()).isTrue();
    assertThat(queue.isDrained()).isTrue();
  }
}
