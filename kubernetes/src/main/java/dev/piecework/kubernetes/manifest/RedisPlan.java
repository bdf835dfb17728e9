package dev.piecework.kubernetes.manifest;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which Redis the workers use. */
public sealed interface RedisPlan {

  /**
   * One of the bag's own, in the cluster.
   *
   * @param secret where its password and URL are
   */
  record Deployed(Access secret, String image, Size size, RedisLayout layout) implements RedisPlan {

    /** A single server. */
    public Deployed(Access secret, String image, Size size) {
      this(secret, image, size, new RedisLayout.Single());
    }

    /** As {@code kube submit} does when the Secret is there already. */
    public Deployed withSecret(Access access) {
      return new Deployed(access, image, size, layout);
    }

    /** The same of more servers, or fewer. */
    public Deployed withLayout(RedisLayout other) {
      return new Deployed(secret, image, size, other);
    }
  }

  /**
   * What it takes.
   *
   * @param cpu of the container; null for a little, and as much as there is
   * @param memory of the container; three fifths of it are for data
   * @param storage of the volume for its append-only file
   * @param storageClass null for the cluster's default
   */
  record Size(
      @Nullable Amount cpu, Quantity memory, Quantity storage, @Nullable String storageClass) {}

  /** One that is there: its URL, which may hold a password, goes into a Secret. */
  record External(Access secret) implements RedisPlan {}

  /** One that asks for no password: its URL goes into the pod as it is. */
  record Open(String url) implements RedisPlan {}

  /** Where the workers' REDIS_URL comes from. */
  sealed interface Access {
    /** A Secret to be made. {@code toString} does not show what is in it. */
    record Made(String url, @Nullable String password, Tls tls) implements Access {

      /** Without files for TLS. */
      public Made(String url, @Nullable String password) {
        this(url, password, Tls.NONE);
      }

      @Override
      public String toString() {
        return "Made[***]";
      }
    }

    /**
     * A Secret that is there, with the keys {@code url} and, for a Redis to be deployed or for
     * KEDA, {@code password}.
     */
    record Existing(String secretName) implements Access {}
  }

  /**
   * What workers need for TLS beyond the JDK's authorities: the texts of PEM files.
   *
   * @param authorities whom to trust, or null
   * @param certificate the workers' own, or null; it goes with the key
   */
  record Tls(@Nullable String authorities, @Nullable String certificate, @Nullable String key) {

    /** Nothing. */
    public static final Tls NONE = new Tls(null, null, null);

    /** What there is of it in a Secret, by its keys. */
    public static Tls in(Map<String, String> secret) {
      return new Tls(secret.get("ca.crt"), secret.get("tls.crt"), secret.get("tls.key"));
    }

    /** What there is, by its key in a Secret: the usual names there. */
    public Map<String, String> files() {
      Map<String, String> files = new LinkedHashMap<>();
      put(files, "ca.crt", authorities);
      put(files, "tls.crt", certificate);
      put(files, "tls.key", key);
      return files;
    }

    private static void put(Map<String, String> files, String name, @Nullable String text) {
      if (text != null) {
        files.put(name, text);
      }
    }

    @Override
    public String toString() {
      return "Tls[***]";
    }
  }
}
