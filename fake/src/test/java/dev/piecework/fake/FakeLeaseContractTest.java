package dev.piecework.fake;

import dev.piecework.LeaseContract;
import dev.piecework.QueueBench;

/** The contract, kept in memory. */
class FakeLeaseContractTest extends LeaseContract {

  @Override
  protected QueueBench newBench() {
    return new FakeBench();
  }
}
