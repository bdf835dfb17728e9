package dev.piecework.internal.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.piecework.Bench;
import dev.piecework.embedded.PrivateRedis;
import dev.piecework.embedded.RedisBinary;
import dev.piecework.testkit.OldestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

/** Holds every script's header against the script, the keys and the Java that calls it. */
class ScriptHeadersTest {

  private static final Path SCRIPTS = Path.of("src/main/resources/dev/piecework/internal/redis");
  private static final Path JAVA = Path.of("src/main/java/dev/piecework");
  private static final Set<String> LUA =
      Set.of(
          ("and break do else elseif end false for function if in local nil not or repeat return"
                  + " then true until while KEYS ARGV redis math string table tonumber tostring"
                  + " type unpack ipairs pairs")
              .split(" ", -1));

  @Test
  void eachScriptIsAResourceAndEachResourceAScript() throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.endsWith(".lua")))
          .containsExactlyInAnyOrderElementsOf(
              Arrays.stream(Script.values()).map(script -> file(script)).toList());
    }
  }

  /**
   * Under these names the client takes a number for the queue's last token, and sees a rollback.
   */
  @ParameterizedTest
  @EnumSource(Script.class)
  void whatIsAnsweredAsATokenIsThatOfTheQueue(Script script) {
    String returns =
        source(script)
            .lines()
            .filter(line -> line.startsWith("-- Returns:"))
            .collect(Collectors.joining());
    if (Pattern.compile("\\b(prev)?token\\b").matcher(returns).find()) {
      assertThat(source(script)).containsPattern("state,[^)]*'token'");
    }
  }

  @ParameterizedTest
  @EnumSource(Script.class)
  void theHeaderHasEachLineOnceAndInOrder(Script script) {
    List<String> lines = source(script).lines().toList();
    assertThat(lines.getFirst()).matches("-- [a-z_ ]+: .+");
    List<String> labels =
        lines.stream()
            .map(line -> line.replaceFirst("^-- (Promise|KEYS|ARGV|Returns):.*$", "$1"))
            .filter(Set.of("Promise", "KEYS", "ARGV", "Returns")::contains)
            .toList();
    assertThat(labels).endsWith("KEYS", "ARGV", "Returns").doesNotHaveDuplicates();
    assertThat(label(script, "Returns")).matches("(?s)[A-Za-z].*");
    assertThat(Stream.concat(script.keyNames().stream(), script.argNames().stream()))
        .allMatch(name -> name.matches("[a-z]+(_[a-z]+)*\\??"))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource(Script.class)
  void eachKeyIsOneThatKeysKnows(Script script) {
    if (script == Script.ADOPT) {
      assertThat(script.keyNames()).contains("foreign"); // rediswq's own, built by Adoption
      return;
    }
    Keys keys = new Keys("q");
    assertThat(keys.of(script, new Keys.Scope("s", "r", "src", false)))
        .hasSameSizeAs(script.keyNames())
        .doesNotHaveDuplicates()
        .allMatch(key -> new String(key, UTF_8).matches("q|q:processing|\\{q}:.+"));
  }

  @ParameterizedTest
  @EnumSource(Script.class)
  void eachNameInTheHeaderIsUsedInTheScript(Script script) {
    String code = code(script);
    for (String name : names(script)) {
      // Purge removes all that it is given.
      if (script != Script.PURGE) {
        assertThat(code).as(name).containsPattern("\\b" + name + "\\b");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Script.class)
  void keysAndArgumentsAreUsedByTheirNamesOnly(Script script) {
    assertThat(code(script)).doesNotContainPattern("(KEYS|ARGV)\\[\\d");
    if (!label(script, "KEYS").contains("...")) {
      assertThat(code(script)).doesNotContainPattern("\\bKEYS\\b");
    }
    if (code(script).contains("ARGV")) {
      assertThat(label(script, "ARGV")).contains("...");
      assertThat(code(script)).containsPattern("\\brest\\b");
    }
  }

  @ParameterizedTest
  @EnumSource(Script.class)
  void noNameIsGlobal(Script script) {
    String code = code(script).replaceAll("\\[\\[.*?]]", " ");
    Set<String> known = new TreeSet<>(LUA);
    known.addAll(names(script));
    known.add("rest");
    known.add("more");
    Matcher local =
        Pattern.compile("\\blocal\\s+(?!function)([\\w\\s,]+?)(=|(?<!,)\\n)").matcher(code);
    while (local.find()) {
      known.addAll(List.of(local.group(1).strip().split("\\s*,\\s*", -1)));
    }
    Matcher loop = Pattern.compile("\\bfor\\s+([\\w\\s,]+?)\\s*(=|\\bin\\b)").matcher(code);
    while (loop.find()) {
      known.addAll(List.of(loop.group(1).strip().split("\\s*,\\s*", -1)));
    }
    Matcher function = Pattern.compile("\\bfunction\\s*(\\w*)\\(([^)]*)\\)").matcher(code);
    while (function.find()) {
      known.add(function.group(1));
      known.addAll(List.of(function.group(2).strip().split("\\s*,\\s*", -1)));
    }
    Set<String> unknown = new TreeSet<>();
    String bare = code.replaceAll("'(\\\\.|[^'\\\\])*'", "''").replaceAll("\\.\\w+|\\b\\d\\w*", "");
    Matcher word = Pattern.compile("[A-Za-z_]\\w*").matcher(bare);
    while (word.find()) {
      if (!known.contains(word.group())) {
        unknown.add(word.group());
      }
    }
    assertThat(unknown).as("names that nobody declares").isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Script.class)
  void theWordsOfTheHeaderAreThoseOfTheScript(Script script) {
    Set<String> said = words("'([A-Z][A-Z_]+)'", code(script));
    said.removeAll(Set.of("WITHSCORES", "LIMIT", "COUNT", "OOM", "GT"));
    said.removeIf(word -> code(script).contains("redis.call('" + word + "'"));
    said.removeIf(word -> code(script).contains("redis.pcall('" + word + "'"));
    Set<String> promised = words("\\b([A-Z][A-Z_]+)\\b", label(script, "Returns"));
    assertThat(said).isEqualTo(promised);
  }

  @ParameterizedTest
  @EnumSource(Script.class)
  void eachWordThatNeedsAnAnswerHasOneInJava(Script script) throws IOException {
    String java = java();
    assertThat(java).contains("Script." + script.name());
    Set<String> promised = words("\\b([A-Z][A-Z_]+)\\b", label(script, "Returns"));
    // What is not named means that nothing more need be done.
    promised.removeAll(Set.of("OK", "ALIVE", "GONE", "HELD", "STAY", "NOTHING", "AGAIN", "BUSY"));
    assertThat(promised).allMatch(word -> java.contains("\"" + word + "\""));
  }

  @ParameterizedTest
  @EnumSource(Script.class)
  void eachReplyHasTheNamesOfItsHeader(Script script) {
    assertThat(source(script)).contains("-- Returns: " + label(script, "Returns") + "\n");
    script
        .replies()
        .forEach((word, places) ->
            assertThat(places.keySet()).as(word).allMatch(name -> name.matches("[a-z]+")));
    String code = code(script);
    Matcher reply = Pattern.compile("return \\{('[A-Z_]+'|word\\b)").matcher(code);
    while (reply.find()) {
      String word = reply.group(1).replace("'", "");
      assertThat(parts(code, reply.start(1))).as(word).isEqualTo(1 + places(script, word).size());
    }
  }

  @Test
  void eachNameThatJavaAsksAReplyForIsInAHeader() throws IOException {
    Set<String> names =
        Arrays.stream(Script.values())
            .flatMap(script -> script.replies().values().stream())
            .flatMap(places -> places.keySet().stream())
            .collect(Collectors.toSet());
    Set<String> asked = words("\\.(?:number|text|texts|list)\\(\\s*\"([a-z]+)\"\\)", java());
    assertThat(asked).hasSizeGreaterThan(30).isSubsetOf(names);
  }

  @Test
  void eachPartIsIncludedBySomeScriptAndIncludesNone() throws IOException {
    Set<String> included = new TreeSet<>();
    for (Script script : Script.values()) {
      included.addAll(words("(?m)^ *-- include: (\\S+)$", source(script)));
    }
    assertThat(parts()).containsExactlyInAnyOrderElementsOf(included);
    assertThat(parts()).allSatisfy(part -> assertThat(part(part)).doesNotContain("include:"));
  }

  /** A part shares the locals of its script: which of them it changes is said at its head. */
  @Test
  void eachPartOfAScriptSaysWhichNamesOfItItSets() throws IOException {
    Stream<String> parts = parts().filter(part -> part.contains("/"));
    assertThat(parts)
        .isNotEmpty()
        .allSatisfy(part -> {
          String text = part(part);
          assertThat(text).startsWith("-- ");
          String head = text.lines().filter(l -> l.startsWith("-- Sets: ")).findFirst().orElse("");
          String code = text.replaceAll("--[^\n]*", "").replaceAll("'[^'\n]*'", "''");
          Set<String> own = new TreeSet<>(words("\\blocal (?!function)([\\w, ]+)", code));
          Set<String> set = new TreeSet<>();
          words("(?m)^ *(?!local |for )(\\w[\\w, ]*) = ", code)
              .forEach(names -> set.addAll(List.of(names.split(", ", -1))));
          own.forEach(names -> set.removeAll(List.of(names.strip().split(", ", -1))));
          Set<String> said = new TreeSet<>(words("(\\w+)", head.replace("-- Sets: ", "")));
          assertThat(set).as(part).isEqualTo(said);
        });
  }

  @Test
  void theDocumentSaysWhatTheGroupOfWaitingKeysStandsFor() throws IOException {
    assertThat(Files.readString(Path.of("../docs/protocol.md")).replaceAll("\\s+", " "))
        .contains("`@waiting` stands for `" + String.join(" ", Script.WAITING) + "`");
  }

  private static Stream<String> parts() throws IOException {
    try (Stream<Path> files = Files.walk(SCRIPTS.resolve("include"))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> SCRIPTS.resolve("include").relativize(file).toString())
          .map(name -> name.replace(".lua", ""))
          .toList()
          .stream();
    }
  }

  private static String part(String name) {
    return read(SCRIPTS.resolve("include/" + name + ".lua"));
  }

  private static Map<String, Integer> places(Script script, String word) {
    assertThat(script.replies().keySet()).containsAnyOf(word, Script.ANY_WORD);
    return script.placesAfter(word);
  }

  // How many parts a table has that begins here: by the commas that are in nothing else.
  private static int parts(String code, int from) {
    int parts = 1;
    int depth = 0;
    boolean quoted = false;
    for (int i = from; depth >= 0; i++) {
      char c = code.charAt(i);
      quoted ^= c == '\'';
      if (!quoted) {
        depth += c == '{' || c == '(' || c == '[' ? 1 : c == '}' || c == ')' || c == ']' ? -1 : 0;
        parts += c == ',' && depth == 0 ? 1 : 0;
      }
    }
    return parts;
  }

  @Test
  void eachScriptIsLoadedByEachRedisUnderItsDigest() {
    for (RedisBinary binary : List.of(RedisBinary.find(), OldestRedis.binary())) {
      try (PrivateRedis server = PrivateRedis.builder().binary(binary).start();
          Jedis jedis = Bench.admin(server.port())) {
        for (Script script : Script.values()) {
          assertThat(jedis.scriptLoad(script.body())).as(script.name()).isEqualTo(script.sha());
        }
      }
    }
  }

  /** The names after KEYS and ARGV. */
  static List<String> names(Script script) {
    List<String> names = new ArrayList<>(script.keyNames());
    names.addAll(script.argNames());
    return names.stream().map(name -> name.replace("?", "")).toList();
  }

  /** What follows a label, with its continuation lines. */
  static String label(Script script, String label) {
    StringBuilder text = new StringBuilder();
    boolean on = false;
    for (String line : source(script).lines().takeWhile(l -> l.startsWith("--")).toList()) {
      if (line.startsWith("-- " + label + ":")) {
        on = true;
        text.append(line.substring(label.length() + 4).strip());
      } else if (line.matches("-- (Promise|KEYS|ARGV|Returns|include):.*")) {
        on = false;
      } else if (on) {
        text.append(' ').append(line.substring(2).strip());
      }
    }
    return text.toString();
  }

  static String source(Script script) {
    return read(SCRIPTS.resolve(file(script)));
  }

  private static String file(Script script) {
    return script.name().toLowerCase(Locale.ROOT) + ".lua";
  }

  // With what it includes, without comments.
  private static String code(Script script) {
    return Script.withIncludes(source(script)).replaceAll("--[^\n]*", "");
  }

  private static Set<String> words(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String java() throws IOException {
    try (Stream<Path> files = Files.walk(JAVA)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(ScriptHeadersTest::read)
          .collect(Collectors.joining());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException broken) {
      throw new java.io.UncheckedIOException(broken);
    }
  }
}
