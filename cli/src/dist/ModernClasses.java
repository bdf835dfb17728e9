import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Copies a jar, bringing its classes to the class file version of Java 17 (stack maps included).
 *
 * <p>The AOT cache leaves out classes older than version 50, and picocli's are 49: they would be
 * parsed and verified anew at every start. Run by assemble.sh as {@code java ModernClasses.java
 * FROM.jar TO.jar}.
 */
final class ModernClasses {

  private static final int OLDEST_ARCHIVED = 50;

  private ModernClasses() {}

  public static void main(String[] args) throws IOException {
    Path from = Path.of(args[0]);
    try (var loader = new URLClassLoader(new URL[] {from.toUri().toURL()});
        var in = new JarFile(from.toFile());
        var out = new JarOutputStream(Files.newOutputStream(Path.of(args[1])))) {
      var classFile =
          ClassFile.of(
              ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
              ClassFile.ClassHierarchyResolverOption.of(
                  ClassHierarchyResolver.ofResourceParsing(loader)
                      .orElse(ClassHierarchyResolver.defaultResolver())));
      in.stream().forEach(entry -> copy(in, entry, classFile, out));
    }
  }

  private static void copy(JarFile in, JarEntry entry, ClassFile classFile, JarOutputStream out) {
    try (var stream = in.getInputStream(entry)) {
      byte[] bytes = stream.readAllBytes();
      if (entry.getName().endsWith(".class")) {
        bytes = modern(classFile, bytes);
      }
      var copied = new JarEntry(entry.getName());
      copied.setTimeLocal(entry.getTimeLocal());
      out.putNextEntry(copied);
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] modern(ClassFile classFile, byte[] bytes) {
    var old = classFile.parse(bytes);
    if (old.majorVersion() >= OLDEST_ARCHIVED) {
      return bytes;
    }
    byte[] modern =
        classFile.transformClass(
            old,
            ClassTransform.transformingMethodBodies(CodeBuilder::with)
                .andThen(
                    ClassTransform.endHandler(to -> to.withVersion(ClassFile.JAVA_17_VERSION, 0))));
    return classFile.verify(modern).isEmpty() ? modern : bytes;
  }
}
