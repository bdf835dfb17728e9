package dev.piecework.job.process;

import static dev.piecework.job.process.JobOnThisMachine.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.piecework.job.manifest.JobFile;
import dev.piecework.job.manifest.PodRuntime;
import dev.piecework.job.manifest.PodTemplate;
import dev.piecework.job.policy.Pod;
import dev.piecework.job.run.Containers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The folders of volumes, where something is in the way. */
final class PodVolumesTest {
  private static final Containers.Created POD =
      new Containers.Created("j-abcde", "uid", -1, new Pod.IndexFailures(0, 0));

  @TempDir Path temporary;

  private static PodVolumes volumes(String... files) throws Exception {
    List<PodTemplate.VolumeFile> all =
        List.of(files).stream()
            .map(path -> new PodTemplate.VolumeFile(path, 0644, new PodTemplate.Literal("text")))
            .toList();
    JobFile job = JobFile.parse("job.yaml", manifest("", "Never", "true"), PodRuntime.PROCESS);
    return new PodVolumes(
        List.of(new PodTemplate.Volume("v", all, false)), new PodFields(job, "uid"));
  }

  /** Guards against: a full disk, and the container that begins again lacks some of its files. */
  @Test
  void aVolumeThatWasMadeInPartIsNotTakenForWhole() throws Exception {
    Path folder = temporary.resolve("volumes");
    PodVolumes impossible = volumes("a", "a/below-a-file");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> impossible.make(POD, folder)).isInstanceOf(IOException.class);
    }
    volumes("a", "b").make(POD, folder);
    assertThat(folder.resolve("v/a")).hasContent("text");
    assertThat(folder.resolve("v/b")).hasContent("text");
    assertThat(folder.toFile().list()).containsExactly("v");
  }

  /** Guards against: folders of the machine that a link in a volume leads to. */
  @ParameterizedTest
  @ValueSource(strings = {"link", "link/sub", "link/sub/sub", "to-nowhere", "to-nowhere/sub"})
  void aSubPathOverALinkMakesNothingOutside(String subPath) throws Exception {
    Path outside = Files.createDirectory(temporary.resolve("outside"));
    PodVolumes volumes = volumes();
    volumes.make(POD, temporary);
    Files.createSymbolicLink(temporary.resolve("v/link"), outside);
    Files.createSymbolicLink(temporary.resolve("v/to-nowhere"), outside.resolve("none"));
    PodTemplate.Mount mount = new PodTemplate.Mount("v", "/x", subPath, false, false);
    assertThatThrownBy(() -> volumes.mounted(mount, temporary, Map.of()))
        .hasMessage("subPath " + subPath + " leads out of volume v");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void aSubPathOverALinkWithinItsVolumeIsMounted() throws Exception {
    PodVolumes volumes = volumes();
    volumes.make(POD, temporary);
    Files.createSymbolicLink(temporary.resolve("v/link"), Path.of("real"));
    Files.createDirectory(temporary.resolve("v/real"));
    PodTemplate.Mount mount = new PodTemplate.Mount("v", "/x", "link/sub", false, false);
    assertThat(volumes.mounted(mount, temporary, Map.of()).source())
        .isEqualTo(temporary.toRealPath().resolve("v/real/sub"))
        .isDirectory();
  }

  /** Guards against: the same by way of a volume that is mounted in another. */
  @Test
  void aMountPathOverALinkOutOfAnotherVolumeIsRefused() throws Exception {
    Path outer = Files.createDirectory(temporary.resolve("outer"));
    Path inner = Files.createDirectory(temporary.resolve("inner"));
    Files.createSymbolicLink(outer.resolve("link"), temporary);
    List<PodVolumes.Mounted> mounts =
        List.of(
            new PodVolumes.Mounted(inner, Path.of("/no-such-top/v/link/sub"), false),
            new PodVolumes.Mounted(outer, Path.of("/no-such-top/v"), false));
    assertThatThrownBy(() -> MountPlan.of(mounts))
        .hasMessage(
            "mountPath /no-such-top/v/link/sub leads over a link out of the volume at"
                + " /no-such-top/v");
  }
}
