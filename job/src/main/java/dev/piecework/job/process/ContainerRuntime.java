package dev.piecework.job.process;

import dev.piecework.job.manifest.PodTemplate;
import dev.piecework.job.run.Containers;
import java.io.IOException;
import java.nio.file.Path;

/** What makes one life of a container a process of this machine. */
interface ContainerRuntime extends AutoCloseable {
  /**
   * One life of a container.
   *
   * @param number counts the lives of this container in its pod from 0
   * @param folder of the pod; its volumes are in {@code volumes}
   */
  record Life(Containers.Created pod, PodTemplate.Container container, int number, Path folder) {
    Path volumes() {
      return folder.resolve("volumes");
    }
  }

  /** Begins it. The process ends when the container does, with the container's exit code. */
  Process begin(Life life) throws IOException;

  /** Asks it to end. Does not wait. */
  void terminate(Life life, Process process);

  /** Ends it, and all that it started. Does not wait. */
  void kill(Life life, Process process);

  /** The process has ended: makes sure that nothing it left runs on. */
  void ended(Life life, Process process);

  /** No container runs any more. */
  @Override
  void close() throws IOException;
}
