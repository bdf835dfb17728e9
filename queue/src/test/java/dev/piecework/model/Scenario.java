package dev.piecework.model;

import java.util.List;
import java.util.Set;

/**
 * A bag that is small enough to be explored, or one to be replayed.
 *
 * @param items how each item gets into the queue, in the order of the input
 * @param may what can happen beyond the plain way of an item
 */
public record Scenario(
    String name, int workers, List<Kind> items, Budgets budgets, Set<Feature> may) {

  /** How an item is filled. */
  public enum Kind {
    /** By a plain rpush. */
    PUSHED,
    /** By the producer, which has to be open. */
    PRODUCED,
    /** By the producer, with high priority. */
    URGENT,
    /** By the producer, with a delay. */
    POSTPONED
  }

  /** What may happen; a row of the table belongs to one of them. */
  public enum Feature {
    PLAIN,
    CRASHES,
    STOPS,
    OUTAGES,
    FAILURES,
    RELEASES,
    PAUSES,
    PERSON,
    PURGE,
    COPIES
  }

  /** The two budgets of an item. */
  public record Budgets(int attempts, int losses) {}
}
