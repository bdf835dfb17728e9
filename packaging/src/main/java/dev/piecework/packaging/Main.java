package dev.piecework.packaging;

import dev.piecework.cli.CommandTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.vafer.jdeb.PackagingException;

/**
 * One step of ./package: {@code tar.gz|zip SECONDS FOLDER NAME FILE}, {@code deb SECONDS FOLDER
 * CONTROL FILE NAME=VALUE...}, {@code man SECONDS FOLDER} or {@code jar-for SECONDS JAR ARCH}. The
 * seconds are the time of all files, since 1970.
 */
final class Main {

  private Main() {}

  public static void main(String[] args) throws IOException, PackagingException {
    List<String> words = List.of(args);
    Instant time = Instant.ofEpochSecond(Long.parseLong(words.get(1)));
    Path folder = Path.of(words.get(2));
    switch (words.get(0)) {
      case "tar.gz" -> new Archives(time).tarGz(files(folder, words.get(3)), Path.of(words.get(4)));
      case "zip" -> new Archives(time).zip(files(folder, words.get(3)), Path.of(words.get(4)));
      case "deb" ->
          new DebianPackage(time)
              .write(
                  files(folder, "."),
                  Path.of(words.get(3)),
                  values(Arrays.copyOfRange(args, 5, args.length)),
                  Path.of(words.get(4)));
      case "jar-for" -> new ServerJar(folder).keepOnly(words.get(3));
      case "man" -> new ManPages(time).write(CommandTree.root(), folder);
      default -> throw new IllegalArgumentException(words.get(0));
    }
  }

  private static List<PackedFile> files(Path folder, String name) throws IOException {
    return PackedFile.below(folder, name);
  }

  private static Map<String, String> values(String[] words) {
    Map<String, String> values = new HashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      values.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return values;
  }
}
