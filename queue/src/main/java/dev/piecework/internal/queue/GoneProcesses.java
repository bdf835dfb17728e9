package dev.piecework.internal.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.Values;
import dev.piecework.internal.state.Reclaimer;
import dev.piecework.internal.state.SessionRegistration;
import redis.clients.jedis.Protocol.Command;

/**
 * Sessions of this host whose process is gone: known dead, so nobody need wait for their lapse. The
 * process's start time is compared too, for numbers are used again.
 */
final class GoneProcesses {

  private final QueueClient client;
  private final Reclaimer reclaimer;

  GoneProcesses(QueueClient client, Reclaimer reclaimer) {
    this.client = client;
    this.reclaimer = reclaimer;
  }

  int reap() {
    return client.retry().call(this::reapOnce);
  }

  private int reapOnce() {
    Values sessions = client.link().range(client.keys().key("sessions"), 0, -1);
    int reaped = 0;
    for (int i = 0; i < sessions.size(); i++) {
      String session = sessions.text(i);
      Object registration =
          client.link().call(Command.HGET, client.keys().record(session), QueueClient.utf8(""));
      if (registration instanceof byte[] text
          && SessionRegistration.read(new String(text, UTF_8)).isKnownDead()
          && reclaimer.reap(session, true)) {
        reaped++;
      }
    }
    return reaped;
  }
}
