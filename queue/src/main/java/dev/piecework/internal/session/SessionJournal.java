package dev.piecework.internal.session;

import dev.piecework.Settlement;
import dev.piecework.internal.journal.JournalPart;
import dev.piecework.internal.journal.JournalRecorder;
import dev.piecework.internal.journal.JournalRecorder.Ended;
import dev.piecework.internal.redis.Reply;
import dev.piecework.journal.AttemptEnd;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** What a session writes into the run's journal, with calls that it makes anyway. */
final class SessionJournal {

  private final String worker;
  private final ReentrantLock telling = new ReentrantLock();
  private final JournalRecorder recorder = new JournalRecorder(new SplittableRandom());

  /**
   * @param worker its name
   */
  SessionJournal(String worker) {
    this.worker = worker;
  }

  /** This settlement went through. */
  void ended(Settlement settlement) {
    switch (settlement) {
      case Settlement.Complete done -> record(done, done.took(), AttemptEnd.DONE);
      case Settlement.Retry failed -> record(failed, failed.took(), AttemptEnd.FAILED);
      case Settlement.NotYet failed -> record(failed, failed.took(), AttemptEnd.FAILED);
      case Settlement.Bury buried -> record(buried, buried.took(), AttemptEnd.BURIED);
      case Settlement.Release untried -> {}
    }
  }

  /** This one was refused: the lease had been lost. Who was overtaken has lost nothing. */
  void refused(Settlement settlement) {
    if (settlement.lease() instanceof HeldLease lease && lease.isOvertaken()) {
      return;
    }
    switch (settlement) {
      case Settlement.Complete late -> record(late, late.took(), AttemptEnd.LOST);
      case Settlement.Retry late -> record(late, late.took(), AttemptEnd.LOST);
      case Settlement.NotYet late -> record(late, late.took(), AttemptEnd.LOST);
      case Settlement.Bury late -> record(late, late.took(), AttemptEnd.LOST);
      case Settlement.Release untried -> {}
    }
  }

  private void record(Settlement settlement, Settlement.Took took, AttemptEnd end) {
    if (!(settlement.lease() instanceof HeldLease lease)) {
      return;
    }
    long started = took.started().toEpochMilli();
    long millis = took.time().toMillis();
    if (took.started().equals(Instant.EPOCH)) { // who leases by himself: since he has leased it
      millis = (System.nanoTime() - lease.leasedNanos()) / 1_000_000;
      started = lease.token() / 1_000;
    }
    recorder.ended(new Ended(lease.stored(), lease.attempt(), took.slot(), started, millis, end));
  }

  /**
   * Tells it with a call, one at a time: whoever leaves waits for a heartbeat that is under way, or
   * what that gives back would never be told.
   *
   * @param call takes the arguments from {@code name} on; without an OK all is still to be told
   */
  Reply tell(SessionReport report, Function<List<Object>, Reply> call) {
    telling.lock();
    try {
      return tellAlone(report, call);
    } finally {
      telling.unlock();
    }
  }

  private Reply tellAlone(SessionReport report, Function<List<Object>, Reply> call) {
    JournalPart part = recorder.take();
    report.slots().ifPresentOrElse(part::slots, part::slotsUnknown);
    boolean told = false;
    try {
      Reply reply =
          call.apply(part.arguments(worker, ThreadLocalRandom.current().nextInt(1 << 30)));
      told = reply.is("OK");
      return reply;
    } finally {
      if (!told) {
        recorder.giveBack(part);
      }
    }
  }
}
