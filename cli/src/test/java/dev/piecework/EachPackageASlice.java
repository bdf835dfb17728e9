package dev.piecework;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/**
 * The packages in a package and this itself, each a slice of its own: a pattern with an asterisk
 * would leave out the outermost.
 *
 * @param packages as ArchUnit writes it, with {@code ..} at its end
 */
record EachPackageASlice(String packages) implements SliceAssignment {

  @Override
  public SliceIdentifier getIdentifierOf(JavaClass type) {
    return JavaClass.Predicates.resideInAPackage(packages).test(type)
        ? SliceIdentifier.of(type.getPackageName())
        : SliceIdentifier.ignore();
  }

  @Override
  public String getDescription() {
    return "each package of " + packages;
  }
}
