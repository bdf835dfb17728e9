package dev.piecework.worker.internal.dispatch;

import dev.piecework.worker.Worker;
import dev.piecework.worker.internal.exchange.Outcomes;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says each thing to a person once. */
public final class Notices {

  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final Consumer<String> person;
  private final Set<Object> said = new HashSet<>();

  public Notices(Consumer<String> person) {
    this.person = person;
  }

  /**
   * Says it, unless this was said since it was last forgotten.
   *
   * @param matter what it is about: a value that equals that of the same matter
   */
  public void say(Object matter, String text) {
    synchronized (said) {
      if (!said.add(matter)) {
        return;
      }
    }
    log.info(text);
    try {
      person.accept(text);
    } catch (OutOfMemoryError outOfMemory) {
      throw outOfMemory;
    } catch (Throwable theirs) {
      log.warn("nobody could be told: {}", Outcomes.name(theirs));
    }
  }

  /** The matter is over: when it comes again it is news. */
  public void forget(Object matter) {
    synchronized (said) {
      said.remove(matter);
    }
  }
}
