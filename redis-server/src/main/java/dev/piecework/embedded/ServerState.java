package dev.piecework.embedded;

import java.io.IOException;
import java.util.Optional;

/**
 * What is written down about the server there is. The password is in a file of its own.
 *
 * @param generation names its pipe; never used twice
 * @param port where it listens
 * @param keeper the guard's process
 */
record ServerState(String generation, int port, KnownProcess keeper) {

  static Optional<ServerState> read(StateFolder folder) throws IOException {
    Optional<String> text = folder.read(folder.state());
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String[] words = text.get().strip().split(" ", -1);
    try {
      KnownProcess keeper = new KnownProcess(Long.parseLong(words[2]), Long.parseLong(words[3]));
      return Optional.of(new ServerState(words[0], Integer.parseInt(words[1]), keeper));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty(); // a disk that was full, or a hand: as good as none
    }
  }

  String text() {
    return generation + " " + port + " " + keeper.pid() + " " + keeper.started() + "\n";
  }

  boolean isGuarded() {
    return keeper.isAlive();
  }
}
