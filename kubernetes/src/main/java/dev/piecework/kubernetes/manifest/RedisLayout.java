package dev.piecework.kubernetes.manifest;

/** Of how many servers a Redis of the bag's own is made. */
public sealed interface RedisLayout {

  /** The name under which Sentinels know the master. */
  String MASTER = "main";

  /** The port of a Redis. */
  int PORT = 6379;

  /**
   * The port on which nodes of a Cluster talk to each other: Redis's own distance from the other.
   */
  int BUS_PORT = PORT + 10_000;

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
            "it takes "
                + LEAST
                + " to "
                + MOST
                + ", not "
                + count
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

  /**
   * A Cluster of masters that share the hash slots, with a replica for each: those are the second
   * half of its pods.
   *
   * @param count of masters
   */
  record Shards(int count) implements RedisLayout {

    /** Fewer masters make no majority once one of them is gone. */
    public static final int LEAST = 3;

    /** More have not been tried. */
    public static final int MOST = 16;

    public Shards {
      if (count < LEAST || count > MOST) {
        throw new IllegalArgumentException(
            "it takes "
                + LEAST
                + " to "
                + MOST
                + ", not "
                + count
                + ", for of two masters none can decide alone; 1 is a single Redis");
      }
    }

    @Override
    public int pods() {
      return 2 * count;
    }

    @Override
    public int least() {
      return count + 1; // with each master that is ready all slots are; a replica besides
    }
  }
}
