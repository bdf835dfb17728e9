package dev.piecework.cli.queue;

import dev.piecework.QueueStatus.SessionView;
import dev.piecework.WorkQueue;
import dev.piecework.cli.verb.Nearest;
import dev.piecework.cli.verb.Printable;
import dev.piecework.cli.verb.Refusal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * In how many slots one worker of a queue is to work: {@code set QUEUE@WORKER slots=4}.
 *
 * @param named a worker's name as status shows it, or its session's id
 */
record SlotsOfWorker(WorkQueue queue, String named) {

  static final String SLOTS = "slots";
  private static final int MOST = 10_000;

  /** Says what of this is wrong; answers the worker's name. */
  String set(Map<String, String> wanted) {
    for (String name : wanted.keySet()) {
      if (!name.equals(SLOTS)) {
        throw Refusal.usage(
            "of a worker slots can be set; "
                + Printable.typed(name, 80)
                + " belongs to the queue: piecework set "
                + queue.name()
                + " "
                + Printable.typed(name, 80)
                + "=...");
      }
    }
    int slots = number(String.valueOf(wanted.get(SLOTS)));
    SessionView session = find(queue.admin().status().sessions());
    if (!queue.admin().slots(session.id(), slots)) {
      throw Refusal.usage("worker '" + Printable.typed(named, 80) + "' has just ended");
    }
    return Printable.line(session.info().worker(), 60);
  }

  private static int number(String text) {
    int slots = text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    if (slots < 1 || slots > MOST) {
      throw Refusal.usage("slots=" + Printable.typed(text, 80) + " is not 1 to 10,000");
    }
    return slots;
  }

  private SessionView find(List<SessionView> sessions) {
    List<SessionView> these =
        sessions.stream()
            .filter(one -> one.id().equals(named) || one.info().worker().equals(named))
            .toList();
    if (these.size() == 1) {
      return these.getFirst();
    }
    if (these.size() > 1) {
      throw Refusal.usage(
          these.size()
              + " workers are called '"
              + Printable.typed(named, 80)
              + "': say which by its session, "
              + these.stream()
                  .map(one -> Printable.line(one.id(), 80) + " (pid " + one.info().pid() + ")")
                  .limit(5)
                  .collect(Collectors.joining(" or ")));
    }
    List<String> names =
        sessions.stream().flatMap(one -> Stream.of(one.info().worker(), one.id())).toList();
    throw Refusal.usage(
        "queue '"
            + queue.name()
            + "' has no worker '"
            + Printable.typed(named, 80)
            + "'"
            + Nearest.of(named, names)
                .map(name -> "; did you mean '" + Printable.line(name, 80) + "'?")
                .orElse(
                    names.isEmpty()
                        ? ": nobody works on it"
                        : "; see piecework status " + queue.name()));
  }
}
