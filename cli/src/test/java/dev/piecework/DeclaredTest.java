package dev.piecework;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A test as its source declares it: read, not loaded, for it may be one of any module.
 *
 * @param module the folder of its module, or the empty path
 */
record DeclaredTest(Path module, ClassTree type, MethodTree method) {

  private static final Set<String> TESTS =
      Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory");

  /** The test of that name in any module of this root. */
  static DeclaredTest find(Path root, String type, String method) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> modules = Files.list(root)) {
      for (Path sources : modules.map(m -> m.resolve("src/test/java")).toList()) {
        if (Files.isDirectory(sources)) {
          try (Stream<Path> files = Files.walk(sources)) {
            files.filter(path -> path.endsWith(type + ".java")).forEach(found::add);
          }
        }
      }
    }
    if (found.size() != 1) {
      throw new AssertionError("one test class " + type + ", not " + found);
    }
    Path file = found.getFirst();
    Path module = root.resolve(root.relativize(file).getName(0));
    return parse(module, Files.readString(file), type, method);
  }

  static DeclaredTest parse(Path module, String source, String type, String method)
      throws IOException {
    JavaFileObject file =
        new SimpleJavaFileObject(
            URI.create("string:///" + type + ".java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    JavacTask task =
        (JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, problem -> {}, List.of("-proc:none"), null, List.of(file));
    ClassTree declared =
        Stream.of(task.parse().iterator().next())
            .flatMap(unit -> unit.getTypeDecls().stream())
            .filter(tree ->
                tree instanceof ClassTree named && named.getSimpleName().contentEquals(type))
            .map(ClassTree.class::cast)
            .findFirst()
            .orElseThrow(() -> new AssertionError("no class " + type));
    return declared.getMembers().stream()
        .filter(tree -> tree instanceof MethodTree named && named.getName().contentEquals(method))
        .map(tree -> new DeclaredTest(module, declared, (MethodTree) tree))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no method " + type + "." + method));
  }

  /** Why {@code ./check} does not run it, or runs it only now and then; empty if it does. */
  Optional<String> whyNotRun() throws IOException {
    if (annotations(method.getModifiers()).noneMatch(each -> TESTS.contains(name(each)))) {
      return Optional.of("it is no test");
    }
    if (type.getModifiers().getFlags().contains(Modifier.ABSTRACT)) {
      return Optional.of("its class is abstract");
    }
    Optional<String> condition =
        Stream.concat(annotations(type.getModifiers()), annotations(method.getModifiers()))
            .map(DeclaredTest::name)
            .filter(each -> each.matches("(Disabled|Enabled).*"))
            .findFirst();
    if (condition.isPresent()) {
      return condition.map(each -> "it is run on a condition: @" + each);
    }
    String name = type.getSimpleName().toString();
    String pom = Files.readString(module.resolve("pom.xml"));
    if (name.endsWith("IT") && !pom.contains("<artifactId>maven-failsafe-plugin</artifactId>")) {
      return Optional.of("its module runs no black-box tests");
    }
    String all = Files.readString(module.resolveSibling("pom.xml"));
    if (!all.contains("<test.excluded/>")) {
      return Optional.of("the build leaves out tests by their tags");
    }
    if (!all.split("<profiles>", 2)[0].contains("<module>" + module.getFileName() + "</module>")) {
      return Optional.of("its module is not in the build");
    }
    return name.matches("\\w+(Test|IT)")
        ? Optional.empty()
        : Optional.of("no plugin runs classes of that name");
  }

  /**
   * The {@code appendfsync} that it declares for the Redis of its own; empty if it declares none.
   */
  Optional<String> appendfsync() {
    return Stream.concat(annotations(method.getModifiers()), annotations(type.getModifiers()))
        .filter(each -> name(each).equals("RedisPerTest"))
        .findFirst() // that of a method goes before that of its class
        .filter(each -> value(each, "own").equals(Optional.of(true)))
        .flatMap(each -> value(each, "appendfsync"))
        .map(String::valueOf);
  }

  private static Stream<AnnotationTree> annotations(ModifiersTree modifiers) {
    return modifiers.getAnnotations().stream().map(AnnotationTree.class::cast);
  }

  private static String name(AnnotationTree annotation) {
    String written = annotation.getAnnotationType().toString();
    return written.substring(written.lastIndexOf('.') + 1);
  }

  private static Optional<Object> value(AnnotationTree annotation, String attribute) {
    for (ExpressionTree argument : annotation.getArguments()) {
      if (argument instanceof AssignmentTree assignment
          && assignment.getVariable().toString().equals(attribute)
          && assignment.getExpression() instanceof LiteralTree literal) {
        return Optional.ofNullable(literal.getValue());
      }
    }
    return Optional.empty();
  }
}
