package dev.piecework.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.drill.check.Checker;
import dev.piecework.drill.check.Promise;
import dev.piecework.drill.check.Verdict;
import dev.piecework.drill.check.Violation;
import dev.piecework.drill.history.History;
import dev.piecework.testkit.TestRedis;
import dev.piecework.testrun.Effort;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The checker is worth what it finds: each planted bug is caught, by the check it is meant for, and
 * the real scripts pass.
 */
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
final class PlantedBugsTest {

  private static final int SEEDS = 6;

  private final TestRedis redis = TestRedis.started();

  @TempDir Path folder;

  @AfterEach
  void stop() {
    redis.close();
  }

  static Stream<PlantedBug> bugs() throws IOException, URISyntaxException {
    URL planted = Objects.requireNonNull(PlantedBugsTest.class.getResource("planted"));
    try (Stream<Path> files = Files.list(Path.of(planted.toURI()))) {
      return files.sorted().map(PlantedBug::read).toList().stream();
    }
  }

  @Test
  void thereAreEnoughOfThem() throws Exception {
    assertThat(bugs()).hasSizeGreaterThanOrEqualTo(8);
  }

  @Test
  void theRealScriptsPass() throws Exception {
    for (long seed = 1; seed <= Effort.of(2); seed++) {
      boolean copies = seed % 2 == 0;
      Path here = Files.createDirectory(folder.resolve("real" + seed));
      Verdict verdict = verdictOf(here, null, seed, copies);
      assertThat(verdict.violations()).as("seed %d", seed).isEmpty();
      assertThat(verdict.figures().items()).isGreaterThan(30);
      assertThat(verdict.figures().unknown()).as("lost replies, seed %d", seed).isPositive();
    }
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void eachIsCaught(PlantedBug bug) throws Exception {
    List<Violation> all = new ArrayList<>();
    for (long seed = 1; seed <= SEEDS; seed++) {
      Path here = Files.createDirectory(folder.resolve("seed" + seed));
      Path scripts = Files.createDirectory(here.resolve("scripts"));
      bug.plant(scripts);
      List<Violation> found = verdictOf(here, scripts, seed, bug.isOfCopies()).violations();
      if (found.stream().anyMatch(v -> v.promise() == Promise.valueOf(bug.breaks()))) {
        return;
      }
      all.addAll(found);
    }
    assertThat(all.stream().map(v -> v.promise().name()))
        .as("%s in %d seeds: %s", bug, SEEDS, all)
        .contains(bug.breaks());
  }

  private Verdict verdictOf(Path here, @Nullable Path scripts, long seed, boolean copies)
      throws Exception {
    redis.jedis().flushAll();
    redis.jedis().scriptFlush();
    Path histories = Files.createDirectory(here.resolve("histories"));
    try (URLClassLoader loader = new URLClassLoader(classPath(scripts), new Libraries())) {
      loader
          .loadClass(SeededWorkload.class.getName())
          .getMethod("run", int.class, Path.class, long.class, boolean.class)
          .invoke(null, redis.port(), histories, seed, copies);
    } catch (InvocationTargetException failed) {
      if (scripts == null) {
        throw failed;
      } // with a bug anything may happen; the history tells
    }
    return Checker.check(History.read(histories));
  }

  /** What is not ours: loaded, and compiled, once for all. */
  private static final class Libraries extends ClassLoader {

    Libraries() {
      super(getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("dev.piecework.")) {
        throw new ClassNotFoundException(name);
      }
      return PlantedBugsTest.class.getClassLoader().loadClass(name);
    }
  }

  private static URL[] classPath(@Nullable Path first) throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    if (first != null) {
      urls.add(first.toUri().toURL());
    }
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.isEmpty()) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    return urls.toArray(URL[]::new);
  }
}
