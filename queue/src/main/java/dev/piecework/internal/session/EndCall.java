package dev.piecework.internal.session;

import dev.piecework.Lease;
import dev.piecework.Settlement;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.journal.FailureCause;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The kinds of settlement that are not completions, each with its script. */
enum EndCall {
  RETRY,
  NOT_YET,
  BURY,
  RELEASE;

  boolean is(Settlement settlement) {
    return switch (settlement) {
      case Settlement.Complete complete -> false;
      case Settlement.Retry retry -> this == RETRY;
      case Settlement.NotYet notYet -> this == NOT_YET;
      case Settlement.Bury bury -> this == BURY;
      case Settlement.Release release -> this == RELEASE;
    };
  }

  Reply call(QueueClient client, SessionLife life, List<Settlement> settlements) {
    List<Object> args = new ArrayList<>();
    if (this != RELEASE) {
      args.add(client.now());
    }
    args.add(life.id());
    switch (this) {
      case RETRY -> args.add("retry");
      case NOT_YET -> args.add("notyet");
      case BURY, RELEASE -> {}
    }
    for (Settlement settlement : settlements) {
      args.add(HeldLease.of(settlement).stored());
      switch (settlement) {
        case Settlement.Retry retry -> {
          args.add(retry.after().map(d -> Long.toString(d.toMillis())).orElse(""));
          args.add(ThreadLocalRandom.current().nextDouble());
          args.add(entry(settlement.lease(), life, "failed", retry.reason()));
          args.add(FailureCause.of(retry.reason()));
        }
        case Settlement.NotYet notYet -> {
          args.add("");
          args.add(ThreadLocalRandom.current().nextDouble());
          args.add(entry(settlement.lease(), life, "notyet", notYet.reason()));
          args.add(FailureCause.of(notYet.reason()));
        }
        case Settlement.Bury bury -> {
          args.add(entry(settlement.lease(), life, "buried", bury.reason()));
          args.add(FailureCause.of(bury.reason()));
        }
        case Settlement.Release release -> {}
        case Settlement.Complete complete -> throw new IllegalStateException("not of these kinds");
      }
    }
    Script script =
        switch (this) {
          case RETRY, NOT_YET -> Script.RETRY;
          case BURY -> Script.BURY;
          case RELEASE -> Script.RELEASE;
        };
    return client.eval(script, life.keysNoting(script), QueueClient.bytes(args.toArray()));
  }

  // "ms TAB attempt TAB worker TAB how TAB why", as the scripts write it for a loss. The time is
  // filled in for people only, by this machine's clock through the lease's age.
  private static byte[] entry(Lease lease, SessionLife life, String how, String why) {
    String text =
        String.join(
            "\t",
            Long.toString(lease.token() / 1_000),
            Integer.toString(lease.attempt()),
            life.worker(),
            how,
            why.replace('\u001e', ' '));
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
