package dev.piecework.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** The jar with a Redis for each kind of machine: a package for one kind needs one of them. */
final class ServerJar {

  private static final String SERVER = "redis-server-";

  private final Path jar;

  ServerJar(Path jar) {
    this.jar = jar;
  }

  /**
   * @param architecture such as {@code amd64}
   */
  void keepOnly(String architecture) throws IOException {
    Path smaller = jar.resolveSibling(jar.getFileName() + ".new");
    int kept = 0;
    try (ZipFile from = ZipFile.builder().setPath(jar).get();
        var to = new ZipArchiveOutputStream(smaller)) {
      for (ZipArchiveEntry entry : Collections.list(from.getEntriesInPhysicalOrder())) {
        boolean server = entry.getName().startsWith(SERVER);
        boolean ours = server && entry.getName().endsWith("-linux-" + architecture);
        if (!server || ours) {
          to.addRawArchiveEntry(entry, from.getRawInputStream(entry));
        }
        kept += ours ? 1 : 0;
      }
    }
    if (kept != 1) {
      throw new IOException(jar + " has " + kept + " Redis servers for " + architecture);
    }
    Files.move(smaller, jar, StandardCopyOption.REPLACE_EXISTING);
  }
}
