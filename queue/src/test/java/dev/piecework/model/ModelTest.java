package dev.piecework.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.model.Explorer.Counterexample;
import dev.piecework.model.Explorer.Exploration;
import dev.piecework.model.Scenario.Budgets;
import dev.piecework.model.Scenario.Feature;
import dev.piecework.model.Scenario.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every state of small bags, a few features at a time; with -Dpiecework.model=large bigger bags and
 * more features at once, which takes minutes and some GiB.
 */
@Tag("slow")
class ModelTest {

  private static final Map<Scenario, Exploration> EXPLORED = new ConcurrentHashMap<>();
  private static final Budgets BUDGETS = new Budgets(2, 3);

  private static final List<Scenario> SMALL =
      List.of(
          scenario("crashes", 2, "pushed pushed", Feature.CRASHES, Feature.STOPS),
          scenario("three workers", 3, "pushed pushed", Feature.CRASHES),
          scenario("three items", 2, "pushed pushed pushed", Feature.CRASHES),
          scenario("failures", 2, "pushed pushed", Feature.FAILURES, Feature.RELEASES),
          scenario("copies", 2, "pushed pushed", Feature.CRASHES, Feature.COPIES),
          scenario("copies among three", 3, "pushed", Feature.CRASHES, Feature.COPIES),
          scenario("pause", 2, "pushed pushed", Feature.PAUSES, Feature.STOPS),
          scenario(
              "all that befalls an item",
              1,
              "pushed pushed",
              Feature.FAILURES,
              Feature.RELEASES,
              Feature.CRASHES),
          scenario("outages", 2, "pushed", Feature.OUTAGES, Feature.CRASHES),
          scenario("an outage and a delay", 1, "pushed postponed", Feature.OUTAGES),
          scenario("a producer", 1, "produced postponed", Feature.STOPS, Feature.PERSON),
          new Scenario(
              "one loss is too many",
              2,
              List.of(Kind.PUSHED, Kind.PUSHED),
              new Budgets(1, 1),
              EnumSet.of(Feature.PLAIN, Feature.CRASHES)),
          scenario("order", 2, "pushed postponed urgent", Feature.RELEASES),
          scenario(
              "a person", 1, "pushed urgent", Feature.FAILURES, Feature.PERSON, Feature.PURGE));

  private static final List<Scenario> LARGE =
      List.of(
          scenario(
              "failures and crashes",
              2,
              "pushed pushed",
              Feature.FAILURES,
              Feature.RELEASES,
              Feature.PAUSES,
              Feature.CRASHES),
          scenario(
              "outages, crashes and a delay",
              2,
              "pushed postponed",
              Feature.OUTAGES,
              Feature.CRASHES),
          scenario(
              "a producer and a person", 2, "produced postponed", Feature.STOPS, Feature.PERSON),
          scenario(
              "copies with late holders",
              3,
              "pushed pushed",
              Feature.CRASHES,
              Feature.STOPS,
              Feature.COPIES),
          scenario("three by three", 3, "pushed pushed pushed", Feature.CRASHES),
          scenario(
              "outages with late holders",
              2,
              "pushed pushed",
              Feature.OUTAGES,
              Feature.CRASHES,
              Feature.STOPS,
              Feature.RELEASES),
          scenario(
              "a producer among crashes",
              1,
              "pushed produced postponed",
              Feature.CRASHES,
              Feature.PERSON));

  private static Scenario scenario(String name, int workers, String items, Feature... may) {
    List<Kind> kinds =
        Stream.of(items.toUpperCase(Locale.ROOT).split(" ", -1)).map(Kind::valueOf).toList();
    return new Scenario(name, workers, kinds, BUDGETS, EnumSet.of(Feature.PLAIN, may));
  }

  @TestFactory
  Stream<DynamicTest> everyStateObeysTheLaws() {
    Stream<Scenario> scenarios =
        "large".equals(System.getProperty("piecework.model"))
            ? Stream.concat(SMALL.stream(), LARGE.stream())
            : SMALL.stream();
    return scenarios.map(scenario ->
        DynamicTest.dynamicTest(
            scenario.name(),
            () -> {
              Exploration found = explored(scenario);
              assertThat(found.wrong()).as("%s", found.wrong()).isNull();
            }));
  }

  @Test
  void everyRowAndEachOfItsArrowsIsTakenSomewhere() {
    Set<String> rows = new TreeSet<>();
    Set<String> arrows = new TreeSet<>();
    for (Scenario scenario : SMALL) {
      Exploration found = explored(scenario);
      rows.addAll(found.seen().rows());
      arrows.addAll(found.seen().arrows());
    }
    for (Row row : Table.correct().rows()) {
      assertThat(rows).contains(row.name());
      for (Row.Move move : row.said().moves()) {
        assertThat(arrows).contains(row.name() + ": " + move);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(PlantedBug.class)
  void aPlantedBugIsFoundByTheShortestWay(PlantedBug bug) {
    Scenario scenario =
        SMALL.stream().filter(one -> one.name().equals(bug.scenario())).findFirst().orElseThrow();
    Counterexample shortest = Explorer.explore(bug.table(), scenario).wrong();
    assertThat(shortest).as("%s is found", bug).isNotNull();
    System.out.println(bug + " " + shortest);
    assertThat(Objects.requireNonNull(shortest).law()).startsWith(bug.law() + ":");
  }

  // Some are needed by two tests.
  private static Exploration explored(Scenario scenario) {
    return EXPLORED.computeIfAbsent(
        scenario,
        one -> {
          long begun = System.nanoTime();
          Exploration found = Explorer.explore(Table.correct(), one);
          long millis = (System.nanoTime() - begun) / 1_000_000;
          System.out.println("ModelTest: " + found + ", " + millis + " ms");
          return found;
        });
  }
}
