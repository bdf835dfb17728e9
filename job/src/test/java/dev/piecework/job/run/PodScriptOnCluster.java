package dev.piecework.job.run;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;

/**
 * Makes a real pod do what a case's script says.
 *
 * <p>A pod cannot know how many were created before it. So each is created with a scheduling gate;
 * whoever watches writes its script into its annotations and lifts the gate, and only then is it
 * begun. Its containers take their lives from there, and count them in a volume that outlives them.
 */
final class PodScriptOnCluster {
  static final String GATE = "piecework.dev/script";
  private static final String LIVES = "piecework.dev/lives-";
  private static final String FOLDER = "/piecework-lives";
  private static final String VOLUME = "piecework-lives";

  /** Plays the life whose turn it is; needs PIECEWORK_LIVES and PIECEWORK_COUNT, a file. */
  static final String PLAY =
      """
      n=0
      [ ! -f "$PIECEWORK_COUNT" ] || read -r n <"$PIECEWORK_COUNT"
      echo $((n + 1)) >"$PIECEWORK_COUNT"
      set -- $PIECEWORK_LIVES
      while [ "$n" -gt 0 ] && [ $# -gt 1 ]; do
        shift
        n=$((n - 1))
      done
      life=${1%%!*}
      term=0:143
      case $1 in *!*) term=${1#*!} ;; esac
      if [ "$term" = never ]; then
        trap '' TERM
      else
        trap 'kill "$!"; sleep "${term%:*}"; exit "${term#*:}"' TERM
      fi
      sleep "${life%:*}" &
      wait "$!"
      exit "${life#*:}"
      """;

  private PodScriptOnCluster() {}

  /** The case's Job under another name, its containers playing scripts in this image. */
  static Job job(JobCase given, String name, String image) {
    Job job = Serialization.unmarshal(given.manifest(), Job.class);
    PodSpec pod = job.getSpec().getTemplate().getSpec();
    PodSpec played =
        new PodSpecBuilder(pod)
            .withInitContainers(
                pod.getInitContainers().stream().map(c -> playing(c, image)).toList())
            .withContainers(pod.getContainers().stream().map(c -> playing(c, image)).toList())
            .addNewSchedulingGate(GATE)
            .addNewVolume()
            .withName(VOLUME)
            .withNewEmptyDir()
            .endEmptyDir()
            .endVolume()
            .build();
    return new JobBuilder(job)
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .editSpec()
        .editTemplate()
        .withSpec(played)
        .endTemplate()
        .endSpec()
        .build();
  }

  private static Container playing(Container container, String image) {
    return new ContainerBuilder(container)
        .withImage(image)
        .withImagePullPolicy("IfNotPresent")
        .withCommand("sh", "-c")
        .withArgs(PLAY.replace("$$", "$$$$"))
        .addNewEnv()
        .withName("PIECEWORK_LIVES")
        .withNewValueFrom()
        .withNewFieldRef()
        .withFieldPath("metadata.annotations['" + LIVES + container.getName() + "']")
        .endFieldRef()
        .endValueFrom()
        .endEnv()
        .addNewEnv()
        .withName("PIECEWORK_COUNT")
        .withValue(FOLDER + "/" + container.getName())
        .endEnv()
        .addNewVolumeMount()
        .withName(VOLUME)
        .withMountPath(FOLDER)
        .endVolumeMount()
        .build();
  }

  /** The pod with its script, and free to begin. */
  static Pod released(Pod pod, Map<String, String> script) {
    PodBuilder released = new PodBuilder(pod).editSpec().withSchedulingGates(List.of()).endSpec();
    for (String container : names(pod.getSpec())) {
      released
          .editMetadata()
          .addToAnnotations(LIVES + container, PodScripts.lives(script, container))
          .endMetadata();
    }
    return released.build();
  }

  /** In the order in which a Job's template has them, those of initContainers first. */
  static List<String> names(PodSpec pod) {
    return java.util.stream.Stream.of(pod.getInitContainers(), pod.getContainers())
        .flatMap(List::stream)
        .map(Container::getName)
        .toList();
  }
}
