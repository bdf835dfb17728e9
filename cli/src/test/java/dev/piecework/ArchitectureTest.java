package dev.piecework;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The shape of the whole: which module uses which, and what a user of the library gets to see. */
final class ArchitectureTest {

  private static final String QUEUE = "dev.piecework";
  private static final String INTERNAL = "dev.piecework.internal..";
  private static final String WORKER = "dev.piecework.worker..";
  private static final String EMBEDDED = "dev.piecework.embedded..";
  private static final String DRILL = "dev.piecework.drill..";
  private static final String JOB = "dev.piecework.job..";
  private static final String KUBERNETES = "dev.piecework.kubernetes..";
  private static final String CLI = "dev.piecework.cli..";
  private static final String TESTKIT = "dev.piecework.testkit..";
  private static final String TESTRUN = "dev.piecework.testrun..";

  /** The packages of the queue module: the root package and whatever is no other module's. */
  private static final DescribedPredicate<JavaClass> IN_QUEUE =
      resideInAPackage("dev.piecework..")
          .and(
              not(
                  resideInAnyPackage(
                      WORKER, DRILL, JOB, KUBERNETES, EMBEDDED, CLI, TESTKIT, TESTRUN)))
          .as("the queue");

  private static JavaClasses house;

  @BeforeAll
  static void read() {
    house =
        new ClassFileImporter()
            // The option of that name does not know the folder that -Dquick compiles to.
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages(QUEUE);
  }

  @Test
  void theHouseIsThere() {
    holds(
        classes()
            .that(IN_QUEUE)
            .should(
                haveCompanionsIn(
                    Set.of(WORKER, DRILL, JOB, KUBERNETES, EMBEDDED, CLI, TESTKIT, TESTRUN)))
            .allowEmptyShould(false));
  }

  @Test
  void theQueueUsesNoOtherModule() {
    holds(noneOf(IN_QUEUE, WORKER, DRILL, JOB, KUBERNETES, EMBEDDED, CLI, TESTKIT, TESTRUN));
  }

  @Test
  void theWorkerUsesTheQueueOnly() {
    holds(
        noneOf(resideInAPackage(WORKER), DRILL, JOB, KUBERNETES, EMBEDDED, CLI, TESTKIT, TESTRUN));
  }

  @Test
  void aDrillUsesQueueWorkerAndRedisServerOnly() {
    holds(noneOf(resideInAPackage(DRILL), JOB, KUBERNETES, CLI, TESTKIT, TESTRUN));
  }

  @Test
  void aJobIsRunWithoutAQueueOrARedis() {
    holds(
        noneOf(
            resideInAPackage(JOB),
            "dev.piecework",
            DRILL,
            KUBERNETES,
            EMBEDDED,
            CLI,
            TESTKIT,
            TESTRUN));
  }

  @Test
  void aClusterIsUsedWithoutAQueueOrARedis() {
    holds(
        noneOf(
            resideInAPackage(KUBERNETES),
            "dev.piecework",
            WORKER,
            JOB,
            EMBEDDED,
            CLI,
            TESTKIT,
            TESTRUN));
  }

  @Test
  void theRulesOfAJobKnowNoProcessesAndNoManifest() {
    holds(
        noneOf(
            resideInAPackage("dev.piecework.job.policy.."),
            "dev.piecework.job.run..",
            "dev.piecework.job.process..",
            "dev.piecework.job.manifest..",
            "io.fabric8.."));
  }

  @Test
  void theRedisServerUsesNoOtherModule() {
    holds(
        noClasses()
            .that()
            .resideInAPackage(EMBEDDED)
            .should()
            .dependOnClassesThat(
                resideInAPackage("dev.piecework..").and(not(resideInAPackage(EMBEDDED)))));
  }

  @Test
  void theTestkitIsBelowTheWorkerAndTheCommandLine() {
    holds(noneOf(resideInAPackage(TESTKIT), WORKER, DRILL, CLI, TESTRUN));
  }

  @Test
  void theCommandLineDoesNotUseTheTestkit() {
    holds(noneOf(resideInAPackage(CLI), TESTKIT, TESTRUN));
  }

  @Test
  void onlyTheQueueUsesWhatIsInternalToIt() {
    holds(
        noClasses()
            .that(not(IN_QUEUE))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(INTERNAL)
            .allowEmptyShould(true));
  }

  @Test
  void theModuleOfTheQueueExportsItsApiAlone() throws URISyntaxException {
    Path queue =
        Path.of(WorkQueue.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Set<ModuleDescriptor> modules =
        ModuleFinder.of(queue).findAll().stream()
            .map(ModuleReference::descriptor)
            .collect(Collectors.toSet());
    assertThat(modules).extracting(ModuleDescriptor::name).containsExactly(QUEUE);
    assertThat(modules)
        .flatMap(ModuleDescriptor::exports)
        .extracting(ModuleDescriptor.Exports::toString)
        .containsExactly(QUEUE);
  }

  /** The API is made of itself, but for where something is begun. */
  @Test
  void theApiReachesWhatIsInternalWhereItMakesSomethingOnly() {
    holds(
        noClasses()
            .that()
            .resideInAPackage(QUEUE)
            .and()
            .doNotHaveFullyQualifiedName(WorkQueue.class.getName())
            .and()
            .doNotHaveFullyQualifiedName(AclRules.class.getName())
            .and()
            .doNotHaveFullyQualifiedName(TlsFiles.class.getName())
            .should()
            .dependOnClassesThat()
            .resideInAPackage(INTERNAL));
  }

  @Test
  void theInternalPackagesUseOneAnotherInOneDirection() {
    holds(slices().matching("dev.piecework.internal.(*)..").should().beFreeOfCycles());
  }

  /** The root package, which knows all verbs, is one of them. */
  @Test
  void thePackagesOfTheCommandLineUseOneAnotherInOneDirection() {
    holds(slices().assignedFrom(new EachPackageASlice(CLI)).should().beFreeOfCycles());
  }

  @Test
  void noPackageHasMoreTypesThanOneCanKnow() {
    Map<String, Long> types =
        house.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    // This one has yet to be divided.
    types.keySet().remove("dev.piecework.worker.process");
    assertThat(types)
        .containsKeys(QUEUE, "dev.piecework.internal.session", "dev.piecework.cli.run")
        .allSatisfy((name, count) -> assertThat(count).as(name).isLessThanOrEqualTo(40));
  }

  @Test
  void noInternalTypeIsInThePublicSignatures() {
    holds(classes().that().resideInAPackage(QUEUE).and().arePublic().should(hideWhatIsInternal()));
  }

  @Test
  void onlyTheQueueAndTheTestkitTalkToRedis() {
    holds(
        noClasses()
            .that()
            .resideInAnyPackage(WORKER, DRILL, EMBEDDED)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("redis.clients.."));
  }

  @Test
  void noForeignTypeIsInThePublicSignatures() {
    holds(
        classes()
            .that()
            .resideInAnyPackage(QUEUE, WORKER)
            .and()
            .arePublic()
            .should(showOnlyTypesOfTheJdkAndOurs()));
  }

  @Test
  void aNameIsARoleOrASentence() {
    holds(
        noClasses()
            .that()
            .resideInAnyPackage(QUEUE, WORKER, DRILL, JOB, EMBEDDED, TESTKIT, TESTRUN)
            .and()
            .arePublic()
            .should()
            .haveNameMatching(".*[.$](Abstract|Base)[A-Z].*|.*(Impl|Manager|Helper|Utils?)"));
  }

  @Test
  void everyPackageIsNullMarked() {
    holds(
        classes()
            .that()
            .resideInAPackage("dev.piecework..")
            .should(
                check(
                    "be in a @NullMarked package",
                    c -> c.getPackage().isAnnotatedWith(NullMarked.class))));
  }

  @Test
  void timeComesFromRedisOrAnInstantSource() {
    holds(
        noClasses()
            .that()
            .resideInAPackage("dev.piecework..")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now")
            .orShould()
            .callMethod(OffsetDateTime.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC"));
  }

  private static void holds(ArchRule rule) {
    rule.check(house);
  }

  private static ArchRule noneOf(DescribedPredicate<JavaClass> who, String... uses) {
    return noClasses().that(who).should().dependOnClassesThat().resideInAnyPackage(uses);
  }

  /** Guards the rules against passing because nothing was read. */
  private static ArchCondition<JavaClass> haveCompanionsIn(Set<String> packages) {
    return check(
        "be read together with " + packages,
        c ->
            packages.stream()
                .allMatch(p -> house.stream().anyMatch(o -> resideInAPackage(p).test(o))));
  }

  private static ArchCondition<JavaClass> check(
      String text, java.util.function.Predicate<JavaClass> holds) {
    return new ArchCondition<>(text) {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        events.add(
            new SimpleConditionEvent(
                item, holds.test(item), item.getName() + " should " + getDescription()));
      }
    };
  }

  private static ArchCondition<JavaClass> showOnlyTypesOfTheJdkAndOurs() {
    return new ArchCondition<>("show only types of the JDK and ours") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        for (JavaMember member : item.getMembers()) {
          if (!isForUsers(member)) {
            continue;
          }
          for (JavaClass type : typesIn(member)) {
            String name = type.getBaseComponentType().getName();
            boolean known =
                type.getBaseComponentType().isPrimitive()
                    || name.startsWith("java.")
                    || name.startsWith("dev.piecework.");
            events.add(
                new SimpleConditionEvent(member, known, member.getFullName() + " shows " + name));
          }
        }
      }
    };
  }

  private static ArchCondition<JavaClass> hideWhatIsInternal() {
    return new ArchCondition<>("show nothing internal") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        Stream.concat(
                item.getMembers().stream()
                    .filter(ArchitectureTest::isForUsers)
                    .flatMap(member -> typesIn(member).stream()),
                Stream.concat(
                    item.getAllRawInterfaces().stream(), item.getAllRawSuperclasses().stream()))
            .map(type -> type.getBaseComponentType().getName())
            .forEach(name ->
                events.add(
                    new SimpleConditionEvent(
                        item,
                        !name.startsWith("dev.piecework.internal."),
                        item.getName() + " shows " + name)));
      }
    };
  }

  private static boolean isForUsers(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static Set<JavaClass> typesIn(JavaMember member) {
    return switch (member) {
      case JavaField field -> field.getAllInvolvedRawTypes();
      case JavaCodeUnit unit ->
          Stream.of(
                  unit.getReturnType().getAllInvolvedRawTypes().stream(),
                  unit.getParameterTypes().stream()
                      .flatMap(t -> t.getAllInvolvedRawTypes().stream()),
                  unit.getExceptionTypes().stream())
              .flatMap(s -> s)
              .collect(Collectors.toSet());
      default -> Set.of();
    };
  }
}
