package dev.piecework;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Where an item is: in one of these, and in no other. */
public enum ItemState {
  /** Can be leased now. */
  WAITING,
  /** Held by a session, which works on it. */
  LEASED,
  /** Can be leased when its time has come. */
  DELAYED,
  /** Out of attempts; final, unless a person requeues it. */
  DEAD,
  /** Completed; final. */
  DONE;

  /** As Redis, JSON and the command line have it: {@code waiting}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The state of this word.
   *
   * @throws IllegalArgumentException when there is none, naming those that there are
   */
  public static ItemState of(String word) {
    return Arrays.stream(values())
        .filter(state -> state.word().equals(word))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no state is named '"
                    + word
                    + "'; there are "
                    + Arrays.stream(values())
                        .map(ItemState::word)
                        .collect(Collectors.joining(", "))));
  }
}
