package dev.piecework.fake;

import dev.piecework.ProducerContract;
import dev.piecework.QueueBench;

/** The contract, kept in memory. */
class FakeProducerContractTest extends ProducerContract {

  @Override
  protected QueueBench newBench() {
    return new FakeBench();
  }
}
