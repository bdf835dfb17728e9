package dev.piecework.kubernetes.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read of programs, of the Java that runs this test and of headers written by hand. */
final class ElfTest {

  private static final Path JAVA = Path.of(System.getProperty("java.home"));

  @TempDir Path folder;

  @Test
  void aLibrarySaysWhichOthersItNeeds() throws Exception {
    assertThat(Elf.needed(JAVA.resolve("lib/libnet.so"))).contains("libjava.so", "libc.so.6");
    assertThat(Elf.needed(JAVA.resolve("release"))).isEmpty();
  }

  @Test
  void itIsForThisMachine() throws Exception {
    assertThat(Elf.machine(JAVA.resolve("bin/java")))
        .isEqualTo(ImageRequest.Machine.here().architecture());
  }

  @ParameterizedTest
  @CsvSource({
    "7f454c460201010000000000000000000300b700, arm64",
    "7f454c4601010100000000000000000002002800, arm",
    "7f454c4602020100000000000000000000020016, s390x",
    "7f454c4602010100000000000000000003000a0a, machine 2570",
    "7f454c46020101000000000000000000, ",
    "23212f62696e2f73680a6563686f206869202020, ",
  })
  void theMachineIsInTheHeaderInItsOrderOfBytes(String header, String machine) throws Exception {
    Path file = Files.write(folder.resolve("file"), HexFormat.of().parseHex(header));

    assertThat(Elf.machine(file)).isEqualTo(machine);
  }

  @Test
  void theNewestVersionOfItsSymbolsCounts() {
    assertThat(Elf.glibc("\0GLIBC_2.2.5\0GLIBC_2.38\0GLIBC_2.4\0".getBytes(ISO_8859_1)))
        .isEqualTo(38);
    assertThat(Elf.glibc("static".getBytes(ISO_8859_1))).isEqualTo(-1);
  }
}
