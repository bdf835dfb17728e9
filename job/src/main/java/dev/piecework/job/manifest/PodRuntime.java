package dev.piecework.job.manifest;

/** What runs the containers of pods. */
public enum PodRuntime {
  /** The command of a container is a group of processes; its image is not used. */
  PROCESS,
  /** Podman runs the image. */
  PODMAN
}
