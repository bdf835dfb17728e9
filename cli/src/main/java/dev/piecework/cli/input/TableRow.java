package dev.piecework.cli.input;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the fields of a record are: by the rules of Python's csv module, which are those of RFC
 * 4180 for all that keeps to it. A quote means something at the begin of a field only, so that one
 * in the middle ({@code 5" pipe}) is a character like any other.
 */
final class TableRow {

  private enum State {
    BEGIN,
    PLAIN,
    QUOTED,
    CLOSED
  }

  private TableRow() {}

  private static State after(State state, int c, int delimiter) {
    return switch (state) {
      case BEGIN -> c == '"' ? State.QUOTED : c == delimiter ? State.BEGIN : State.PLAIN;
      case PLAIN -> c == delimiter ? State.BEGIN : State.PLAIN;
      case QUOTED -> c == '"' ? State.CLOSED : State.QUOTED;
      case CLOSED -> c == '"' ? State.QUOTED : c == delimiter ? State.BEGIN : State.PLAIN;
    };
  }

  /**
   * Whether a record goes on behind this line.
   *
   * @param quoted whether the line begins within quotes
   */
  static boolean isOpenAfter(byte[] line, boolean quoted, byte delimiter) {
    State state = quoted ? State.QUOTED : State.BEGIN;
    for (byte c : line) {
      state = after(state, c, delimiter);
    }
    return state == State.QUOTED;
  }

  static List<String> fields(String record, byte delimiter) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    State state = State.BEGIN;
    for (int i = 0; i < record.length(); i++) {
      char c = record.charAt(i);
      State next = after(state, c, delimiter);
      if (next == State.BEGIN) {
        fields.add(field.toString());
        field.setLength(0);
      } else if (next == State.PLAIN || (next == State.QUOTED && state != State.BEGIN)) {
        field.append(c);
      }
      state = next;
    }
    fields.add(field.toString());
    return fields;
  }
}
