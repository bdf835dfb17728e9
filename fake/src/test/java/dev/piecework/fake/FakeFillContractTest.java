package dev.piecework.fake;

import dev.piecework.FillContract;
import dev.piecework.QueueBench;

/** The contract, kept in memory. */
class FakeFillContractTest extends FillContract {

  @Override
  protected QueueBench newBench() {
    return new FakeBench();
  }
}
