package dev.piecework;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

/** A worker as the Kubernetes tutorial has it: the commands of {@code rediswq.py}. */
final class Rediswq {

  private final Jedis redis;
  private final String main;
  private final String processing;

  Rediswq(Jedis redis, String name) {
    this.redis = redis;
    this.main = name;
    this.processing = name + ":processing";
  }

  @SuppressWarnings("deprecation") // as the tutorial does it
  @Nullable String lease() {
    String item = redis.rpoplpush(main, processing);
    if (item != null) {
      redis.set(leaseKey(item), "a session", SetParams.setParams().ex(60));
    }
    return item;
  }

  void complete(String item) {
    redis.lrem(processing, 0, item);
    redis.del(leaseKey(item));
  }

  private String leaseKey(String item) {
    return main + ":leased_by_session:" + sha224(item);
  }

  static String sha224(String item) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-224").digest(item.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
