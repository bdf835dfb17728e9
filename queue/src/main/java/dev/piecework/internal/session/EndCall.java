package dev.piecework.internal.session;

import dev.piecework.Ending;
import dev.piecework.Lease;
import dev.piecework.internal.client.Contact;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The kinds of ending that are not completions, each with its script. */
enum EndCall {
  RETRY,
  NOT_YET,
  BURY,
  RELEASE;

  boolean is(Ending ending) {
    return switch (ending) {
      case Ending.Complete complete -> false;
      case Ending.Retry retry -> this == RETRY;
      case Ending.NotYet notYet -> this == NOT_YET;
      case Ending.Bury bury -> this == BURY;
      case Ending.Release release -> this == RELEASE;
    };
  }

  Reply call(Contact contact, SessionLife life, List<Ending> endings) {
    List<Object> args = new ArrayList<>();
    if (this != RELEASE) {
      args.add(contact.now());
    }
    args.add(life.id());
    switch (this) {
      case RETRY -> args.add("retry");
      case NOT_YET -> args.add("notyet");
      case BURY, RELEASE -> {}
    }
    for (Ending ending : endings) {
      args.add(HeldLease.of(ending).stored());
      switch (ending) {
        case Ending.Retry retry -> {
          args.add(retry.after().map(d -> Long.toString(d.toMillis())).orElse(""));
          args.add(ThreadLocalRandom.current().nextDouble());
          args.add(entry(ending.lease(), life, "failed", retry.reason()));
        }
        case Ending.NotYet notYet -> {
          args.add("");
          args.add(ThreadLocalRandom.current().nextDouble());
          args.add(entry(ending.lease(), life, "notyet", notYet.reason()));
        }
        case Ending.Bury bury -> args.add(entry(ending.lease(), life, "buried", bury.reason()));
        case Ending.Release release -> {}
        case Ending.Complete complete -> throw new IllegalStateException("not of these kinds");
      }
    }
    Script script =
        switch (this) {
          case RETRY, NOT_YET -> Script.RETRY;
          case BURY -> Script.BURY;
          case RELEASE -> Script.RELEASE;
        };
    return contact.once(script, life.scope(), args.toArray());
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
