package dev.piecework.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Everything that matters, as small numbers in named cells, so that states are compared, counted
 * and printed without more ado. Effects change a copy.
 */
@SuppressWarnings("EnumOrdinal") // the cells are what they are for
public final class State {

  /** Of an item. Those after LOSSES are known to the model only, for its laws. */
  public enum ItemCell {
    PLACE,
    POSITION,
    HELD, // by whom: a bit for each worker; two with a backup attempt, else one at most
    ID,
    FAILED,
    LOSSES,
    COMMITS,
    HAS_LAST_TOKEN, // its last lease had the last token that the queue gave
    BURIED
  }

  /** Of a worker: its session as Redis has it, and what the process believes. */
  public enum WorkerCell {
    SESSION,
    CRASHED,
    BELIEVES, // a bit for each item that the process takes for leased
    RUN,
    NOTE // what was read and not yet acted upon; no correct row needs it
  }

  /** Of the queue. */
  public enum QueueCell {
    PAUSED,
    RUN,
    RUNS, // how many there have been
    PURGED, // a bit for each run
    ENDED,
    QUIET,
    COUNTER,
    DONE,
    PRODUCER,
    NAMED, // a bit for each session that somebody was told had expired
    TOKEN_REPEATED
  }

  /** Of a worker's session. */
  public enum Session {
    OUT,
    FRESH,
    OVERDUE,
    /** The process does not know it yet. */
    REAPED,
    /** It exited with 0. */
    EXITED
  }

  /** Whether anybody has been heard. */
  public enum Quiet {
    NONE,
    SILENT,
    GRACED
  }

  /** Of the one source. */
  public enum Producer {
    NEVER,
    OPEN,
    OVERDUE,
    VANISHED,
    CLOSED,
    FORGOTTEN
  }

  private static final int ITEM = ItemCell.values().length;
  private static final int WORKER = WorkerCell.values().length;
  private static final Place[] PLACES = Place.values();
  private static final Session[] SESSIONS = Session.values();
  private static final Quiet[] QUIETS = Quiet.values();
  private static final Producer[] PRODUCERS = Producer.values();

  private final Scenario scenario;
  private final byte[] cells;

  public State(Scenario scenario) {
    this(
        scenario,
        new byte
            [ITEM * scenario.items().size()
                + WORKER * scenario.workers()
                + QueueCell.values().length]);
  }

  private State(Scenario scenario, byte[] cells) {
    this.scenario = scenario;
    this.cells = cells;
  }

  State copy() {
    return new State(scenario, cells.clone());
  }

  public Scenario scenario() {
    return scenario;
  }

  public int items() {
    return scenario.items().size();
  }

  public int workers() {
    return scenario.workers();
  }

  public int get(ItemCell cell, int item) {
    return cells[ITEM * item + cell.ordinal()];
  }

  public void put(ItemCell cell, int item, int value) {
    cells[ITEM * item + cell.ordinal()] = (byte) value;
  }

  public int get(WorkerCell cell, int worker) {
    return cells[ITEM * items() + WORKER * worker + cell.ordinal()];
  }

  public void put(WorkerCell cell, int worker, int value) {
    cells[ITEM * items() + WORKER * worker + cell.ordinal()] = (byte) value;
  }

  public int get(QueueCell cell) {
    return cells[ITEM * items() + WORKER * workers() + cell.ordinal()];
  }

  public void put(QueueCell cell, int value) {
    cells[ITEM * items() + WORKER * workers() + cell.ordinal()] = (byte) value;
  }

  boolean is(QueueCell cell) {
    return get(cell) != 0;
  }

  public Place place(int item) {
    return PLACES[get(ItemCell.PLACE, item)];
  }

  public Session session(int worker) {
    return SESSIONS[get(WorkerCell.SESSION, worker)];
  }

  void session(int worker, Session session) {
    put(WorkerCell.SESSION, worker, session.ordinal());
  }

  /** Whether Redis has a session of this worker that was not reaped. */
  boolean enlisted(int worker) {
    return session(worker) == Session.FRESH || session(worker) == Session.OVERDUE;
  }

  /** Whether the process runs and takes itself for a worker of this queue. */
  boolean running(int worker) {
    return (enlisted(worker) || session(worker) == Session.REAPED)
        && get(WorkerCell.CRASHED, worker) == 0;
  }

  public Quiet quiet() {
    return QUIETS[get(QueueCell.QUIET)];
  }

  void quiet(Quiet quiet) {
    put(QueueCell.QUIET, quiet.ordinal());
  }

  public Producer producer() {
    return PRODUCERS[get(QueueCell.PRODUCER)];
  }

  void producer(Producer producer) {
    put(QueueCell.PRODUCER, producer.ordinal());
  }

  boolean producerIsOpen() {
    return producer() == Producer.OPEN || producer() == Producer.OVERDUE;
  }

  ItemState itemState(int item) {
    return place(item) == Place.NONE && get(ItemCell.HELD, item) != 0
        ? ItemState.LEASED
        : place(item).itemState();
  }

  public boolean holds(int worker, int item) {
    return (get(ItemCell.HELD, item) & (1 << worker)) != 0;
  }

  public boolean believes(int worker, int item) {
    return (get(WorkerCell.BELIEVES, worker) & (1 << item)) != 0;
  }

  /** By whom it is held; one of two. */
  int holderOf(int item) {
    return Integer.numberOfTrailingZeros(get(ItemCell.HELD, item));
  }

  /** Whether two sessions hold it. */
  public boolean isCopied(int item) {
    return Integer.bitCount(get(ItemCell.HELD, item)) == 2;
  }

  /** Whether a session that held this item is still there afterwards. */
  boolean enlistedStill(State after, int item) {
    return IntStream.range(0, workers()).anyMatch(w -> holds(w, item) && after.enlisted(w));
  }

  public int heldBy(int worker) {
    return (int) IntStream.range(0, items()).filter(i -> holds(worker, i)).count();
  }

  public int count(ItemState itemState) {
    return (int) IntStream.range(0, items()).filter(i -> itemState(i) == itemState).count();
  }

  public int count(Place place) {
    return (int) IntStream.range(0, items()).filter(i -> place(i) == place).count();
  }

  /** How far the source has come. */
  public int given() {
    return (int)
        IntStream.range(0, items())
            .filter(
                i -> scenario.items().get(i) != Scenario.Kind.PUSHED && place(i) != Place.ABSENT)
            .count();
  }

  /** The items of a list, from its front. */
  public List<Integer> list(Place place) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < items(); i++) {
      if (place(i) == place) {
        found.add(i);
      }
    }
    found.sort(Comparator.comparingInt(i -> get(ItemCell.POSITION, i)));
    return found;
  }

  /** Writes a list anew; what is no longer in it is in no place. */
  void list(Place place, List<Integer> members) {
    for (int i = 0; i < items(); i++) {
      if (place(i) == place) {
        move(i, Place.NONE);
      }
    }
    for (int at = 0; at < members.size(); at++) {
      put(ItemCell.PLACE, members.get(at), place.ordinal());
      put(ItemCell.POSITION, members.get(at), at);
    }
  }

  void pushBack(int item, Place place) {
    take(item);
    List<Integer> members = list(place);
    members.add(item);
    list(place, members);
  }

  void pushFront(int item, Place place) {
    take(item);
    List<Integer> members = list(place);
    members.addFirst(item);
    list(place, members);
  }

  /** Out of its list, whose others move up. */
  void take(int item) {
    Place from = place(item);
    if (!from.isList()) {
      move(item, Place.NONE);
      return;
    }
    List<Integer> members = list(from);
    members.remove(Integer.valueOf(item));
    move(item, Place.NONE);
    list(from, members);
  }

  /** To a place without an order. */
  void move(int item, Place place) {
    put(ItemCell.PLACE, item, place.ordinal());
    put(ItemCell.POSITION, item, 0);
  }

  /** What Redis does not have, or no longer, is not compared with it. */
  public State asRedisHasIt() {
    State shown = copy();
    for (int i = 0; i < items(); i++) {
      Place place = place(i);
      if (place == Place.DROPPED || place == Place.PAST) {
        shown.move(i, Place.ABSENT);
        shown.put(ItemCell.ID, i, 0);
      }
      shown.put(ItemCell.COMMITS, i, 0);
      shown.put(ItemCell.HAS_LAST_TOKEN, i, 0);
      shown.put(ItemCell.BURIED, i, 0);
    }
    for (int w = 0; w < workers(); w++) {
      if (!enlisted(w)) {
        shown.session(w, Session.OUT);
      }
      shown.put(WorkerCell.CRASHED, w, 0);
      shown.put(WorkerCell.BELIEVES, w, 0);
      shown.put(WorkerCell.RUN, w, 0);
    }
    shown.put(QueueCell.NAMED, 0);
    shown.put(QueueCell.PURGED, 0);
    shown.put(QueueCell.RUNS, 0);
    if (producer() == Producer.FORGOTTEN) {
      shown.producer(Producer.NEVER);
    }
    return shown;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof State state && Arrays.equals(cells, state.cells);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(cells);
  }

  /** Only what is not zero. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (QueueCell cell : QueueCell.values()) {
      String value =
          switch (cell) {
            case QUIET -> quiet().name();
            case PRODUCER -> producer().name();
            default -> Integer.toString(get(cell));
          };
      add(text, "", cell, get(cell), value);
    }
    for (int w = 0; w < workers(); w++) {
      for (WorkerCell cell : WorkerCell.values()) {
        String value =
            cell == WorkerCell.SESSION ? session(w).name() : Integer.toString(get(cell, w));
        add(text, "w" + (w + 1) + ".", cell, get(cell, w), value);
      }
    }
    for (int i = 0; i < items(); i++) {
      for (ItemCell cell : ItemCell.values()) {
        String value = cell == ItemCell.PLACE ? place(i).name() : Integer.toString(get(cell, i));
        add(text, "i" + (i + 1) + ".", cell, get(cell, i), value);
      }
    }
    return text.toString().strip();
  }

  private static void add(StringBuilder text, String of, Enum<?> cell, int raw, String value) {
    if (raw != 0) {
      text.append(of).append(cell.name().toLowerCase(Locale.ROOT)).append('=');
      text.append(value.toLowerCase(Locale.ROOT)).append(' ');
    }
  }
}
