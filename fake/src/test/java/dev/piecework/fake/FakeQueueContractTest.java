package dev.piecework.fake;

import dev.piecework.QueueBench;
import dev.piecework.QueueContract;

/** The contract, kept in memory. */
class FakeQueueContractTest extends QueueContract {

  @Override
  protected QueueBench newBench() {
    return new FakeBench();
  }
}
