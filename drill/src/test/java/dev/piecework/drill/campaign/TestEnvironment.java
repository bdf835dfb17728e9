package dev.piecework.drill.campaign;

import dev.piecework.drill.DrillEnvironment;
import dev.piecework.drill.Fault;
import java.util.List;

/** An environment of a drill, the faults that it has, and what is left of it at the end. */
interface TestEnvironment extends DrillEnvironment, AutoCloseable {

  /** For the figures and for replaying. */
  String name();

  List<Fault> faults();

  /** How much time lies between two of them, on average. */
  double paceMillis();

  /** Those of which it is measured how soon work goes on. */
  List<Fault> deaths();

  /** What is left that should not be: keys, connections; in words. */
  List<String> leftovers();

  @Override
  void close();
}
