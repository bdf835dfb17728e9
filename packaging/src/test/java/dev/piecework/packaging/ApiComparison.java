package dev.piecework.packaging;

import japicmp.cmp.JApiCmpArchive;
import japicmp.cmp.JarArchiveComparator;
import japicmp.cmp.JarArchiveComparatorOptions;
import japicmp.model.AccessModifier;
import japicmp.model.JApiClass;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a program that was compiled, or is written, for one jar of a library misses in another. */
final class ApiComparison {

  private ApiComparison() {}

  /** The classes of exported packages that are broken, with how. */
  static SortedMap<String, String> breaks(Path before, Path after) {
    JarArchiveComparatorOptions options = new JarArchiveComparatorOptions();
    options.setAccessModifier(AccessModifier.PROTECTED);
    // Those of other libraries: what they are is not compared.
    options.getIgnoreMissingClasses().setIgnoreAllMissingClasses(true);
    List<JApiClass> classes =
        new JarArchiveComparator(options)
            .compare(
                new JApiCmpArchive(before.toFile(), "before"),
                new JApiCmpArchive(after.toFile(), "after"));
    Set<String> exported = new HashSet<>();
    Stream.of(before, after).forEach(jar -> exported.addAll(exports(jar)));
    SortedMap<String, String> breaks = new TreeMap<>();
    for (JApiClass each : classes) {
      String name = each.getFullyQualifiedName();
      boolean isExported =
          exported.isEmpty() || exported.contains(name.substring(0, name.lastIndexOf('.')));
      if (isExported && !(each.isBinaryCompatible() && each.isSourceCompatible())) {
        breaks.put(name, how(each));
      }
    }
    return breaks;
  }

  private static String how(JApiClass type) {
    StringBuilder how = new StringBuilder();
    type.getCompatibilityChanges().forEach(change -> how.append(change.getType()).append(' '));
    type.getMethods()
        .forEach(method ->
            method
                .getCompatibilityChanges()
                .forEach(change ->
                    how.append(method.getName())
                        .append(": ")
                        .append(change.getType())
                        .append(' ')));
    return how.isEmpty() ? "changed" : how.toString().strip();
  }

  private static Set<String> exports(Path jar) {
    Set<String> packages = new HashSet<>();
    ModuleFinder.of(jar).findAll().stream()
        .map(module -> module.descriptor())
        .filter(module -> !module.isAutomatic())
        .flatMap(module -> module.exports().stream())
        .map(ModuleDescriptor.Exports::source)
        .forEach(packages::add);
    return packages;
  }
}
