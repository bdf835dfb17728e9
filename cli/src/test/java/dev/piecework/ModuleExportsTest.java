package dev.piecework;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.bag.TypedQueue;
import dev.piecework.fake.FakeQueue;
import dev.piecework.worker.Worker;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the descriptors of the library's modules export: the API alone. */
final class ModuleExportsTest {

  @Test
  void ofTheQueue() throws URISyntaxException {
    assertThat(exportsOfTheModuleWith(WorkQueue.class))
        .containsExactlyInAnyOrder(
            "dev.piecework", "dev.piecework.estimate", "dev.piecework.journal");
  }

  @Test
  void ofTheWorker() throws URISyntaxException {
    assertThat(exportsOfTheModuleWith(Worker.class))
        .containsExactlyInAnyOrder("dev.piecework.worker", "dev.piecework.worker.process");
  }

  @Test
  void ofTheQueueInMemory() throws URISyntaxException {
    assertThat(exportsOfTheModuleWith(FakeQueue.class)).containsExactly("dev.piecework.fake");
  }

  @Test
  void ofTypedBags() throws URISyntaxException {
    assertThat(exportsOfTheModuleWith(TypedQueue.class))
        .containsExactlyInAnyOrder("dev.piecework.bag", "dev.piecework.bag.json");
  }

  /**
   * What a module exports to all; one that is exported to some only is written with their names.
   */
  private static List<String> exportsOfTheModuleWith(Class<?> type) throws URISyntaxException {
    Path place = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    Set<ModuleDescriptor> modules =
        ModuleFinder.of(place).findAll().stream()
            .map(ModuleReference::descriptor)
            .collect(Collectors.toSet());
    assertThat(modules).extracting(ModuleDescriptor::name).containsExactly(type.getPackageName());
    return modules.stream()
        .flatMap(module -> module.exports().stream())
        .map(ModuleDescriptor.Exports::toString)
        .toList();
  }
}
