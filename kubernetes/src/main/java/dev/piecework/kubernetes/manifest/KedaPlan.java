package dev.piecework.kubernetes.manifest;

import java.util.List;

/**
 * How KEDA scales a Deployment on the length of what waits.
 *
 * @param least pods when nothing waits
 * @param itemsPerPod what waits is divided by this to give the number of pods
 * @param address HOST:PORT of Redis as KEDA, which is in a namespace of its own, sees it
 * @param tls whether Redis wants TLS
 * @param keys the lists and sets in which items wait, the queue's list first
 */
public record KedaPlan(int least, int itemsPerPod, String address, boolean tls, List<String> keys) {

  public KedaPlan {
    keys = List.copyOf(keys);
    if (least < 0) {
      throw new IllegalArgumentException("at least " + least + " pods: it cannot be less than 0");
    }
    if (itemsPerPod < 1) {
      throw new IllegalArgumentException(itemsPerPod + " items per pod: at least one is needed");
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("KEDA needs a list to look at");
    }
  }
}
