package dev.piecework;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/**
 * The jars of the libraries for metrics and traces are on the class path of verbs that use them.
 */
final class MetricsLibraryTest {

  @Test
  void noClassOfTheCommandLineKnowsThatForTraces() {
    noClasses()
        .that()
        .resideInAPackage("dev.piecework.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.opentelemetry..")
        .check(
            new ClassFileImporter()
                .withImportOption(location -> !location.contains("/test-classes/"))
                .importPackages("dev.piecework.cli"));
  }

  @Test
  void oneClassOfTheCommandLineKnowsIt() {
    noClasses()
        .that()
        .resideInAPackage("dev.piecework.cli..")
        .and()
        .doNotHaveSimpleName("MetricsPage")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.prometheus..")
        .check(
            new ClassFileImporter()
                .withImportOption(location -> !location.contains("/test-classes/"))
                .importPackages("dev.piecework.cli"));
  }
}
