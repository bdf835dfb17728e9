package dev.piecework.embedded;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the files of this user go: into the folders that {@code XDG_STATE_HOME} and {@code
 * XDG_CACHE_HOME} name, else below the home folder. A user whose home is not there or cannot be
 * written to, as that of a service or of a container's user often is, gets a folder in {@code /tmp}
 * that nobody else may look into.
 */
public final class UserFolders {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private final Map<String, String> environment;
  private final String homeOfJava;
  private final Path temporary;

  /**
   * Those of somebody.
   *
   * @param homeOfJava counts where there is no variable HOME; of a user that the system does not
   *     know, Java has nothing but a question mark
   * @param temporary the folder for temporary files of everybody
   */
  UserFolders(Map<String, String> environment, String homeOfJava, Path temporary) {
    this.environment = environment;
    this.homeOfJava = homeOfJava;
    this.temporary = temporary;
  }

  /** Those of the user that this process runs as. */
  public static UserFolders ofThisUser() {
    return of(System.getenv());
  }

  static UserFolders of(Map<String, String> environment) {
    return new UserFolders(
        environment,
        System.getProperty("user.home", ""),
        Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
  }

  /**
   * {@code $XDG_STATE_HOME/piecework}, by default {@code ~/.local/state/piecework}. It need not be
   * there.
   *
   * @throws RedisServerException when there is no place for it at all
   */
  public Path state() {
    return folder("XDG_STATE_HOME", Path.of(".local", "state"), "state");
  }

  /**
   * {@code $XDG_CACHE_HOME/piecework}, by default {@code ~/.cache/piecework}. It need not be there.
   *
   * @throws RedisServerException when there is no place for it at all
   */
  public Path cache() {
    return folder("XDG_CACHE_HOME", Path.of(".cache"), "cache");
  }

  /** What to tell somebody whose queues are kept in this folder, if it is not one that stays. */
  Optional<String> notice(Path state) {
    return state.startsWith(substitute())
        ? Optional.of(
            homeForPeople()
                + ": queues are kept in "
                + state
                + ", which may be emptied at a restart of the machine; XDG_STATE_HOME names"
                + " another folder")
        : Optional.empty();
  }

  private Path folder(String variable, Path belowHome, String name) {
    String named = environment.getOrDefault(variable, "");
    if (!named.isEmpty()) {
      return Path.of(named, "piecework").toAbsolutePath();
    }
    @Nullable Path home = home();
    if (home != null) {
      Path usual = home.resolve(belowHome).resolve("piecework");
      // One that is there is used, and complained of where that cannot be: another would hide it.
      if (Files.exists(usual) || canBeMade(usual)) {
        return usual;
      }
    }
    return ownSubstitute(variable).resolve(name);
  }

  private @Nullable Path home() {
    for (String home : new String[] {environment.getOrDefault("HOME", ""), homeOfJava}) {
      if (home.startsWith("/")) {
        return Path.of(home);
      }
    }
    return null;
  }

  private static boolean canBeMade(Path folder) {
    @Nullable Path there = folder;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    return there != null && Files.isDirectory(there) && Files.isWritable(there);
  }

  private Path substitute() {
    return temporary.resolve("piecework-" + owner());
  }

  /** Everybody may write beside it: it is used only if it is ours, and closed to all others. */
  private Path ownSubstitute(String variable) {
    Path folder = substitute();
    try {
      try {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      } catch (FileAlreadyExistsException there) {
        PosixFileAttributes found =
            Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!found.isDirectory()
            || !found.permissions().equals(OWNER_ONLY)
            || !owner()
                .equals(
                    Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS).toString())) {
          throw new RedisServerException(
              homeForPeople()
                  + ", and "
                  + folder
                  + " is not a folder that only you may use: name another in "
                  + variable,
              there);
        }
      }
      return folder;
    } catch (IOException e) {
      throw new RedisServerException(
          homeForPeople()
              + ", and "
              + folder
              + " cannot be made ("
              + Reason.of(e)
              + "): name a folder in "
              + variable,
          e);
    }
  }

  private String homeForPeople() {
    @Nullable Path home = home();
    return home == null
        ? "there is no home folder"
        : "the home folder " + home + " cannot be written to";
  }

  /** The number of this process's user: its name may be unknown. */
  private static String owner() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
    } catch (IOException | UnsupportedOperationException noProc) {
      return Long.toString(new com.sun.security.auth.module.UnixSystem().getUid());
    }
  }
}
