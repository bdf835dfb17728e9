package dev.piecework;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The jars of the library for metrics are on the class path of verbs that show metrics alone. */
final class MetricsLibraryTest {

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
