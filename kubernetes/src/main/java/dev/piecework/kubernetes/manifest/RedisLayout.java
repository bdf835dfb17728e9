package dev.piecework.kubernetes.manifest;

/** Of how many servers a Redis of the bag's own is made. */
public sealed interface RedisLayout {

  /** The name under which Sentinels know the master. */
  String MASTER = "main";

  /** The port of a Redis. */
  int PORT = 6379;

  /** The port of a Sentinel. */
  int SENTINEL_PORT = 26379;

  /** Its pods, which are numbered from 0. */
  int pods();

  /** How many of them must be ready before anything can be written. */
  int least();

  /** Whether there is more than one server. */
  default boolean several() {
    return pods() > 1;
  }

  /** One server. */
  record Single() implements RedisLayout {
    @Override
    public int pods() {
      return 1;
    }

    @Override
    public int least() {
      return 1;
    }
  }

  /**
   * A master and its replicas, with a Sentinel beside each.
   *
   * @param count of replicas
   */
  record Replicas(int count) implements RedisLayout {

    /** Two Sentinels alone make no majority once one of them is gone. */
    public static final int LEAST = 2;

    /** Each of them costs the master as much as all workers do. */
    public static final int MOST = 4;

    public Replicas {
      if (count < LEAST || count > MOST) {
        throw new IllegalArgumentException(
            count
                + " replicas: it takes "
                + LEAST
                + " to "
                + MOST
                + ", for of two Sentinels none can decide alone; 0 is a single Redis");
      }
    }

    @Override
    public int pods() {
      return count + 1;
    }

    @Override
    public int least() {
      return 2; // the master takes nothing that no replica has
    }
  }
}
