package dev.piecework.drill.history;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call that a client made. Values are texts with a char per byte, numbers and lists.
 *
 * @param client who made it: the name of its file
 * @param script which
 * @param names of the first arguments
 * @param arguments all of them
 * @param when from before it was sent until its answer was there
 * @param answer how it ended
 */
public record Operation(
    String client,
    String script,
    List<String> names,
    List<@Nullable Object> arguments,
    Moment when,
    Answer answer) {

  /** How a call ended. */
  public sealed interface Answer {
    /** The script ran. */
    record Replied(List<@Nullable Object> parts) implements Answer {}

    /** Nothing was done. */
    record Refused(String why) implements Answer {}

    /** The client died or the reply was lost: it may have run, once, at any time from then on. */
    record Unknown(String why) implements Answer {}
  }

  /**
   * When a call was under way, in nanoseconds of this machine.
   *
   * @param ended {@link Long#MAX_VALUE} when no answer came
   */
  public record Moment(long called, long ended) {

    /** Whether it had surely ended when the other began. */
    public boolean isBefore(Moment other) {
      return ended < other.called;
    }
  }

  /** Whether its script may have run. */
  public boolean mayHaveRun() {
    return !(answer instanceof Answer.Refused);
  }

  /** Whether its script surely ran, and answered with this word. */
  public boolean replied(String word) {
    return answer instanceof Answer.Replied && word().equals(word);
  }

  /** The word of the answer, or nothing. */
  public String word() {
    return answer instanceof Answer.Replied ? text(0) : "";
  }

  /** A named argument. */
  public String argument(String name) {
    return String.valueOf(arguments.get(names.indexOf(name)));
  }

  /** The arguments that have no names. */
  public List<String> rest() {
    List<String> rest = new ArrayList<>();
    arguments.subList(names.size(), arguments.size()).forEach(a -> rest.add(String.valueOf(a)));
    return rest;
  }

  /** A part of the answer; empty where there is none. */
  public String text(int part) {
    Object value = part(part);
    return value == null ? "" : value.toString();
  }

  /** A part of the answer that is a number; 0 where there is none. */
  public long number(int part) {
    Object value = part(part);
    return switch (value) {
      case null -> 0;
      case Long number -> number;
      default -> value.toString().isEmpty() ? 0 : Long.parseLong(value.toString());
    };
  }

  /** A part of the answer that is a list; an empty one where there is none. */
  public List<String> texts(int part) {
    List<String> texts = new ArrayList<>();
    if (part(part) instanceof List<?> list) {
      list.forEach(element -> texts.add(String.valueOf(element)));
    }
    return texts;
  }

  private @Nullable Object part(int index) {
    return answer instanceof Answer.Replied(List<@Nullable Object> parts) && index < parts.size()
        ? parts.get(index)
        : null;
  }

  @Override
  public String toString() {
    String how =
        switch (answer) {
          case Answer.Replied replied -> word();
          case Answer.Refused refused -> "refused: " + refused.why();
          case Answer.Unknown unknown -> "unknown: " + unknown.why();
        };
    return script + " of " + client + " at " + when.called() + " (" + how + ")";
  }
}
