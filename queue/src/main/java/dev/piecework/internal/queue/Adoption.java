package dev.piecework.internal.queue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.piecework.QueueUnusableException;
import dev.piecework.internal.client.QueueClient;
import dev.piecework.internal.redis.RedisFailure;
import dev.piecework.internal.redis.Reply;
import dev.piecework.internal.redis.Script;
import dev.piecework.internal.redis.Values;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import redis.clients.jedis.Protocol.Command;

/**
 * Puts back what rediswq workers hold without a lease. Source of the names: the Kubernetes tutorial
 * "Fine Parallel Processing Using a Work Queue", {@code rediswq.py}.
 */
final class Adoption {

  private static final int PAGE = 1_000;

  private final QueueClient client;

  Adoption(QueueClient client) {
    this.client = client;
  }

  long adopt() {
    if (client.link().isCluster()) {
      throw new QueueUnusableException(
          "adopt is not to be had on a Cluster: rediswq's keys lie in other slots than the queue");
    }
    byte[] processing = client.keys().key("processing");
    long adopted = 0;
    long stays = 0;
    while (true) {
      byte[] from = QueueClient.utf8(Long.toString(stays));
      byte[] to = QueueClient.utf8(Long.toString(stays + PAGE - 1));
      Object raw =
          client.retry().call(() -> client.link().call(Command.LRANGE, processing, from, to));
      Values items = Values.of(raw);
      if (items.size() == 0) {
        return adopted;
      }
      for (int i = 0; i < items.size(); i++) {
        switch (adopt(processing, items.bytes(i))) {
          case OK -> adopted++;
          case HELD -> stays++;
          case GONE -> {} // its worker is done with it
        }
      }
    }
  }

  private enum Answer {
    OK,
    HELD,
    GONE
  }

  private Answer adopt(byte[] processing, byte[] item) {
    List<byte[]> keys = List.of(client.keys().key("list"), processing, leaseKey(item));
    AtomicBoolean inDoubt = new AtomicBoolean();
    Reply reply =
        client
            .retry()
            .call(() -> {
              try {
                return client.eval(Script.ADOPT, keys, List.of(item));
              } catch (RedisFailure failure) {
                if (failure.kind() == RedisFailure.Kind.AWAY) {
                  inDoubt.set(true);
                }
                throw failure;
              }
            });
    Answer answer = Answer.valueOf(reply.word());
    // What is gone after a call whose reply was lost was put back by that call.
    return answer == Answer.GONE && inDoubt.get() ? Answer.OK : answer;
  }

  private byte[] leaseKey(byte[] item) {
    try {
      String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-224").digest(item));
      String name = client.config().name() + ":leased_by_session:" + hash;
      return ByteBuffer.wrap(name.getBytes(US_ASCII)).array();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
