import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.reflect.AccessFlag;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Copies jars, changing those of their classes that would make each start slower. What they do stays
 * the same. Run by assemble.sh as {@code java StartupClasses.java FROM TO JAR...}, with the names of jars of
 * the folder {@code FROM}.
 *
 * <ul>
 *   <li>The AOT cache leaves out classes older than version 50, and picocli's are 49: they would
 *       be parsed and verified anew at every start. They become classes of Java 17.
 *   <li>A {@code switch} over types makes a class when it is first reached, which no cache keeps:
 *       some 4 ms for each. It becomes a method that asks for one type after the other.
 *   <li>picocli looks for Groovy's closures, for which each jar of the class path is opened: some
 *       20 ms. It is told that there is no Groovy.
 * </ul>
 */
final class StartupClasses {

  private static final int OLDEST_ARCHIVED = 50;

  private static final String LOOKS_FOR_GROOVY = "loadClosureClass";

  private StartupClasses() {}

  public static void main(String[] args) throws IOException {
    Path from = Path.of(args[0]);
    Path to = Path.of(args[1]);
    // Stack maps ask of two types what they have in common.
    URL[] all = jars(from).toArray(URL[]::new);
    try (var loader = new URLClassLoader(all)) {
      var classFile =
          ClassFile.of(
              ClassFile.ClassHierarchyResolverOption.of(
                  ClassHierarchyResolver.ofResourceParsing(loader)
                      .orElse(ClassHierarchyResolver.defaultResolver())));
      for (String name : Arrays.asList(args).subList(2, args.length)) {
        copy(from.resolve(name), to.resolve(name), classFile);
      }
    }
  }

  private static List<URL> jars(Path folder) throws IOException {
    List<URL> jars = new ArrayList<>();
    try (var files = Files.newDirectoryStream(folder, "*.jar")) {
      for (Path jar : files) {
        jars.add(jar.toUri().toURL());
      }
    }
    return jars;
  }

  private static void copy(Path from, Path to, ClassFile classFile) throws IOException {
    try (var in = new JarFile(from.toFile());
        var out = new JarOutputStream(Files.newOutputStream(to))) {
      in.stream().forEach(entry -> copy(in, entry, classFile, out));
    }
  }

  private static void copy(JarFile in, JarEntry entry, ClassFile classFile, JarOutputStream out) {
    try (var stream = in.getInputStream(entry)) {
      byte[] bytes = stream.readAllBytes();
      if (entry.getName().endsWith(".class") && !entry.getName().endsWith("module-info.class")) {
        bytes = changed(classFile, bytes);
      }
      var copied = new JarEntry(entry.getName());
      copied.setTimeLocal(entry.getTimeLocal());
      out.putNextEntry(copied);
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] changed(ClassFile classFile, byte[] bytes) {
    ClassModel old = classFile.parse(bytes);
    List<ClassTransform> changes = new ArrayList<>();
    if (old.majorVersion() < OLDEST_ARCHIVED) {
      changes.add(ClassTransform.transformingMethodBodies(CodeBuilder::with));
      changes.add(ClassTransform.endHandler(to -> to.withVersion(ClassFile.JAVA_17_VERSION, 0)));
    }
    if (old.methods().stream().anyMatch(m -> m.methodName().equalsString(LOOKS_FOR_GROOVY))) {
      changes.add(withoutGroovy());
    }
    if (TypeSwitches.areIn(old)) {
      changes.add(new TypeSwitches(old).change());
    }
    return changes.stream()
        .reduce(ClassTransform::andThen)
        .map(change -> classFile.transformClass(old, change))
        .filter(changed -> classFile.verify(changed).isEmpty())
        .orElse(bytes);
  }

  private static ClassTransform withoutGroovy() {
    return ClassTransform.transformingMethods(
        method -> method.methodName().equalsString(LOOKS_FOR_GROOVY),
        MethodTransform.dropping(part -> part instanceof CodeModel)
            .andThen(
                MethodTransform.endHandler(to -> to.withCode(code -> code.aconst_null().areturn()))));
  }

  /** The switches over types of one class. */
  private static final class TypeSwitches {

    private final ClassModel in;

    private final List<InvokeDynamicInstruction> found = new ArrayList<>();

    TypeSwitches(ClassModel in) {
      this.in = in;
    }

    static boolean areIn(ClassModel model) {
      return model.methods().stream()
          .flatMap(method -> method.code().stream())
          .flatMap(code -> code.elementStream())
          .anyMatch(part -> part instanceof InvokeDynamicInstruction call && isOne(call));
    }

    // One with constants among its labels, as of an enum, stays as it is.
    private static boolean isOne(InvokeDynamicInstruction call) {
      var bootstrap = call.bootstrapMethod();
      return bootstrap.owner().descriptorString().equals("Ljava/lang/runtime/SwitchBootstraps;")
          && bootstrap.methodName().equals("typeSwitch")
          && call.bootstrapArgs().stream().allMatch(ClassDesc.class::isInstance);
    }

    ClassTransform change() {
      CodeTransform calls =
          (code, part) -> {
            if (part instanceof InvokeDynamicInstruction call && isOne(call)) {
              String name = name(found.size());
              found.add(call);
              code.invokestatic(
                  in.thisClass().asSymbol(),
                  name,
                  call.typeSymbol(),
                  in.flags().has(AccessFlag.INTERFACE));
            } else {
              code.with(part);
            }
          };
      return ClassTransform.transformingMethodBodies(calls)
          .andThen(
              ClassTransform.endHandler(
                  to -> {
                    for (int i = 0; i < found.size(); i++) {
                      InvokeDynamicInstruction call = found.get(i);
                      to.withMethodBody(
                          name(i),
                          call.typeSymbol(),
                          ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC,
                          code -> body(code, call.bootstrapArgs()));
                    }
                  }));
    }

    private static String name(int number) {
      return "typeSwitch$" + number;
    }

    // As SwitchBootstraps.typeSwitch says: -1 for null, else the first label from the index on that
    // the object is an instance of, else the number of labels.
    private static void body(CodeBuilder code, List<ConstantDesc> labels) {
      code.aload(0).ifThen(Opcode.IFNULL, none -> none.loadConstant(-1).ireturn());
      for (int i = 0; i < labels.size(); i++) {
        int index = i;
        var type = (ClassDesc) labels.get(i);
        code.iload(1)
            .loadConstant(index)
            .ifThen(
                Opcode.IF_ICMPLE,
                asked -> asked.aload(0)
                    .instanceOf(type)
                    .ifThen(is -> is.loadConstant(index).ireturn()));
      }
      code.loadConstant(labels.size()).ireturn();
    }
  }
}
