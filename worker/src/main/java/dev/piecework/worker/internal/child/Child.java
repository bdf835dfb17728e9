package dev.piecework.worker.internal.child;

import dev.piecework.worker.Attempt;
import dev.piecework.worker.internal.output.ResultBounds;
import dev.piecework.worker.internal.session.Watch;
import dev.piecework.worker.internal.spawn.RunningCall;
import dev.piecework.worker.internal.spawn.SharedRuntime;
import dev.piecework.worker.internal.spawn.Starter;
import dev.piecework.worker.process.CommandConfig;
import dev.piecework.worker.process.CommandUnusableException;
import dev.piecework.worker.process.SessionControl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A long-lived child process, and the items that it has not answered.
 *
 * <p>After its last answer it is said with which exit code it has ended, and how much of what it
 * was sent it has not read ({@link Starter#child}). Only so can a child that never looked at an
 * item be told from one that an item killed.
 */
final class Child implements Watch.Watched {
  private final SessionControl control;
  private final Watch watch;
  private final Process process;
  private final ChildListener listener;
  private final CommandConfig config;
  private final Thread slot = Thread.currentThread();
  private final String key = UUID.randomUUID().toString();
  private final SentItems sent;
  private final ChildInput input;
  private final ChildErrors errors;
  private final CountDownLatch gone = new CountDownLatch(1);
  private final AtomicBoolean ending = new AtomicBoolean();
  private int looksSinceExit;

  /**
   * @param slotNumber whose child it is, from 1
   */
  Child(
      SharedRuntime.Shared shared,
      CommandConfig config,
      int slotNumber,
      int window,
      ChildListener listener)
      throws IOException, CommandUnusableException {
    control = shared.control();
    watch = shared.watch();
    this.config = config;
    this.listener = listener;
    sent = new SentItems(window);
    process =
        shared.starter().child(config.command().plain(slotNumber), config.queue(), slotNumber, key);
    input = new ChildInput(process.getOutputStream(), config.context());
    errors = new ChildErrors(process.getErrorStream(), config.stderr());
    Thread.ofPlatform().daemon().name("piecework-child-stdout").start(this::readAnswers);
    watch.add(this);
  }

  /**
   * Sends items, all at once.
   *
   * @return false if the child is gone: none was sent, and they are still the caller's
   */
  boolean send(List<Attempt> attempts) {
    if (!sent.add(attempts)) {
      return false;
    }
    input.write(attempts);
    return true;
  }

  /** Waits until at least one more item may be sent; 0 if the child is gone. */
  int awaitRoom() throws InterruptedException {
    return sent.awaitRoom();
  }

  /** Waits until everything is answered, or the child is gone. */
  void awaitAnswers() throws InterruptedException {
    sent.awaitAnswers();
  }

  /**
   * Ends its input and gives it 5 s, then SIGTERM and 5 s, then SIGKILL; returns when it is gone.
   */
  void leave() throws InterruptedException {
    input.close();
    if (!gone.await(RunningCall.KILL_AFTER.toMillis(), TimeUnit.MILLISECONDS)) {
      end(Death.Cut.LINGERING);
      gone.await();
    }
  }

  /** SIGTERM to its group, SIGKILL 5 s later. */
  void end(Death.Cut why) {
    sent.cut(why, () -> control.terminate(process.pid()));
  }

  void awaitEnd() throws InterruptedException {
    gone.await();
  }

  boolean isGone() {
    return gone.getCount() == 0;
  }

  @Override
  public void look(long now) {
    if (sent.isDead()) {
      return;
    }
    boolean kill = sent.isKillDue(now);
    Death.Cut why =
        sent.due(now, config.timeout().now(), slot.isInterrupted(), listener::isDropped);
    if (why != Death.Cut.NONE) {
      end(why);
    }
    try {
      if (kill) {
        control.kill(process.pid());
      }
    } catch (IOException e) {
      process.destroyForcibly();
    }
    if (!process.isAlive() && ++looksSinceExit > 40) {
      // A second after its shell's end: somebody else holds its pipe, nobody will say more.
      ended(-1, -1);
    }
  }

  private void closeOutput() {
    try {
      process.getInputStream().close();
    } catch (IOException e) {
      // There is nothing more to read.
    }
  }

  private void readAnswers() {
    // JSON may need six bytes for one. Waking the slot for each answer would make it send items
    // one by one: it is woken when no answer is left to read.
    LineReader in =
        new LineReader(
            process.getInputStream(),
            6L * ResultBounds.forSeveral(config.results()).most() + (1 << 16),
            sent::wake);
    int status = -1;
    long unread = -1;
    try {
      byte[] mark = (key + " ").getBytes(StandardCharsets.US_ASCII);
      while (unread < 0 && in.next()) {
        if (in.startsWith(mark)) {
          int value = Integer.parseInt(in.text().substring(mark.length).strip());
          if (status < 0) {
            status = value;
            sent.setDead();
            input.close();
          } else {
            unread = value;
          }
        } else if (status < 0 && in.length() > 0) {
          take(in);
        }
      }
      if (in.isEndless()) {
        end(Death.Cut.ENDLESS_LINE);
        // Nobody will read what else it prints: it ends by SIGPIPE, the signal, or the watch.
        process.getInputStream().close();
        input.close();
        process.onExit().join();
      }
    } catch (IOException | NumberFormatException e) {
      // As its end.
    } finally {
      ended(status, unread);
      closeOutput();
    }
  }

  private void take(LineReader in) {
    Answer answer = Answer.parse(in.buffer(), in.begin(), in.end()).orElse(null);
    if (answer == null) {
      String line = in.text();
      errors.add(line);
      listener.strayLine(null, line);
      return;
    }
    Attempt attempt = sent.answered(answer.id());
    if (attempt == null) {
      listener.strayLine(answer.id(), in.text());
    } else {
      listener.answered(attempt, answer);
    }
  }

  private void ended(int status, long unread) {
    if (!ending.compareAndSet(false, true)) {
      return;
    }
    sent.setDead();
    input.close();
    watch.remove(this);
    try {
      control.kill(process.pid());
      control.remove(process.pid());
      errors.awaitEnd();
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      long all = input.written();
      listener.ended(sent.death(status, all == 0 || unread == all, errors.kept()));
    } finally {
      gone.countDown();
    }
  }
}
