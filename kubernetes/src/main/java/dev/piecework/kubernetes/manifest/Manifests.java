package dev.piecework.kubernetes.manifest;

import java.util.List;

/** The objects of a plan. A pure function: the same plan gives the same objects. */
public final class Manifests {

  private Manifests() {}

  /** In the order in which they are to be applied. */
  public static List<Manifest> of(Plan plan) {
    throw new UnsupportedOperationException("not yet: " + plan.names());
  }
}
