package dev.piecework.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserFoldersTest {

  @TempDir Path temporary;

  private UserFolders folders(Map<String, String> environment, String homeOfJava) {
    return new UserFolders(environment, homeOfJava, temporary);
  }

  @Test
  void aNamedFolderIsTakenAsItIs() {
    Map<String, String> named = Map.of("XDG_STATE_HOME", "/dev/null", "XDG_CACHE_HOME", "/a b");

    assertThat(folders(named, "/home").state()).hasToString("/dev/null/piecework");
    assertThat(folders(named, "/home").cache()).hasToString("/a b/piecework");
  }

  @Test
  void theHomeOfTheVariableComesBeforeTheOneOfTheListOfUsers() {
    Map<String, String> home = Map.of("HOME", temporary.toString());

    assertThat(folders(home, "/dev/null").state())
        .isEqualTo(temporary.resolve(".local/state/piecework"));
    assertThat(folders(Map.of(), temporary.toString()).cache())
        .isEqualTo(temporary.resolve(".cache/piecework"));
  }

  @Test
  void withoutAHomeThereIsAFolderThatNobodyElseMayUse() throws IOException {
    for (String none : new String[] {"?", "", "/dev/null"}) {
      UserFolders folders = folders(Map.of(), none);
      Path state = folders.state();

      assertThat(state).startsWithRaw(temporary).hasFileName("state");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.getParent())))
          .isEqualTo("rwx------");
      assertThat(folders.notice(state).orElseThrow()).contains("XDG_STATE_HOME", "" + state);
    }
    assertThat(folders(Map.of(), "/home").notice(Path.of("/home/state"))).isEmpty();
  }

  @Test
  void aFolderThatOthersMayUseIsRefused() throws IOException {
    UserFolders folders = folders(Map.of("HOME", "/dev/null"), "");
    Path own = folders.state().getParent();

    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(folders::state)
        .isInstanceOf(RedisServerException.class)
        .hasMessageContaining("/dev/null cannot be written to")
        .hasMessageContaining("XDG_STATE_HOME");

    Files.delete(own);
    Files.createSymbolicLink(own, temporary);
    assertThatThrownBy(folders::cache).hasMessageContaining("XDG_CACHE_HOME");
  }

  @Test
  void aFolderThatIsThereIsNotPassedOver() throws IOException {
    Path home = Files.createDirectory(temporary.resolve("home"));
    Path usual = Files.createDirectories(home.resolve(".local/state/piecework"));
    Files.setPosixFilePermissions(usual, PosixFilePermissions.fromString("---------"));

    assertThat(folders(Map.of("HOME", home.toString()), "").state()).isEqualTo(usual);
  }
}
