package dev.piecework.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.List;

/** The series of one name, gathered for one scrape. */
final class Family {

  private final String name;
  private final String help;
  private final List<Point> points = new ArrayList<>();

  private record Point(double value, Labels labels) {}

  Family(String name, String help) {
    this.name = name;
    this.help = help;
  }

  /**
   * @param labels names and values in turn
   */
  void add(double value, String... labels) {
    points.add(new Point(value, Labels.of(labels)));
  }

  /** Of something counted: exact up to 2^53. */
  void count(long value, String... labels) {
    add((double) value, labels);
  }

  GaugeSnapshot gauge() {
    GaugeSnapshot.Builder all = GaugeSnapshot.builder().name(name).help(help);
    points.forEach(point ->
        all.dataPoint(
            GaugeDataPointSnapshot.builder().value(point.value).labels(point.labels).build()));
    return all.build();
  }

  CounterSnapshot counter() {
    CounterSnapshot.Builder all = CounterSnapshot.builder().name(bare()).help(help);
    points.forEach(point ->
        all.dataPoint(
            CounterDataPointSnapshot.builder().value(point.value).labels(point.labels).build()));
    return all.build();
  }

  // The formats append it.
  private String bare() {
    return name.endsWith("_total") ? name.substring(0, name.length() - "_total".length()) : name;
  }
}
