package dev.piecework;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static dev.piecework.ArchitectureConditions.check;
import static dev.piecework.ArchitectureConditions.hideWhatIsInternal;
import static dev.piecework.ArchitectureConditions.showOnlyTypesOfTheJdkAndOurs;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import dev.piecework.worker.Worker;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The shape of the whole: which module uses which, and what a user of the library gets to see. */
final class ArchitectureTest {

  private static final String QUEUE = "dev.piecework";
  private static final String INTERNAL = "dev.piecework.internal..";
  private static final String WORKER = "dev.piecework.worker..";
  private static final String WORKER_API = "dev.piecework.worker";
  private static final String PROCESS_API = "dev.piecework.worker.process";
  private static final String WORKER_INTERNAL = "dev.piecework.worker.internal..";
  private static final String METRICS = "dev.piecework.metrics..";
  private static final String TRACES = "dev.piecework.traces..";
  private static final String AMQP = "dev.piecework.amqp..";
  private static final String EMBEDDED = "dev.piecework.embedded..";
  private static final String DRILL = "dev.piecework.drill..";
  private static final String JOB = "dev.piecework.job..";
  private static final String KUBERNETES = "dev.piecework.kubernetes..";
  private static final String DASHBOARD = "dev.piecework.dashboard..";
  private static final String CLI = "dev.piecework.cli..";
  private static final String FAKE = "dev.piecework.fake..";
  private static final String BAG = "dev.piecework.bag..";
  private static final String TESTKIT = "dev.piecework.testkit..";
  private static final String TESTRUN = "dev.piecework.testrun..";

  /** All but the queue. */
  private static final Set<String> MODULES =
      Set.of(
          WORKER,
          METRICS,
          TRACES,
          AMQP,
          DRILL,
          JOB,
          KUBERNETES,
          DASHBOARD,
          EMBEDDED,
          CLI,
          FAKE,
          BAG,
          TESTKIT,
          TESTRUN);

  /** The packages of the queue module: the root package and whatever is no other module's. */
  private static final DescribedPredicate<JavaClass> IN_QUEUE =
      resideInAPackage("dev.piecework..")
          .and(not(resideInAnyPackage(MODULES.toArray(String[]::new))))
          .as("the queue");

  private static JavaClasses house;

  @BeforeAll
  static void read() {
    house =
        new ClassFileImporter()
            // The option of that name does not know the folder that -Dquick compiles to.
            .withImportOption(location -> !location.contains("/test-classes/"))
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages(QUEUE);
  }

  @Test
  void theHouseIsThere() {
    holds(classes().that(IN_QUEUE).should(haveCompanionsIn(MODULES)).allowEmptyShould(false));
  }

  @Test
  void theQueueUsesNoOtherModule() {
    holds(noneBut(IN_QUEUE));
  }

  @Test
  void theWorkerUsesTheQueueOnly() {
    holds(noneBut(resideInAPackage(WORKER), WORKER));
  }

  @Test
  void metricsUseQueueAndWorkerOnly() {
    holds(noneBut(resideInAPackage(METRICS), METRICS, WORKER));
  }

  @Test
  void tracesUseQueueAndWorkerOnly() {
    holds(noneBut(resideInAPackage(TRACES), TRACES, WORKER));
  }

  @Test
  void whatFillsFromRabbitMqUsesTheQueueOnly() {
    holds(noneBut(resideInAPackage(AMQP), AMQP));
  }

  @Test
  void aDrillUsesQueueWorkerAndRedisServerOnly() {
    holds(noneBut(resideInAPackage(DRILL), DRILL, WORKER, EMBEDDED));
  }

  /** What it asks and changes is what the verbs do: nothing of it is known elsewhere. */
  @Test
  void theDashboardUsesQueueAndMetricsOnly() {
    holds(noneBut(resideInAPackage(DASHBOARD), DASHBOARD, METRICS));
  }

  @Test
  void aJobIsRunWithoutAQueueOrARedis() {
    holds(noneBut(resideInAPackage(JOB), JOB, WORKER));
    holds(noneOf(resideInAPackage(JOB), "dev.piecework"));
  }

  @Test
  void aClusterIsUsedWithoutAQueueOrARedis() {
    holds(noneBut(resideInAPackage(KUBERNETES), KUBERNETES));
    holds(noneOf(resideInAPackage(KUBERNETES), "dev.piecework"));
  }

  /** A second place to run workers is another implementation, and nothing else. */
  @Test
  void whatFollowsWorkersKnowsTheirPlaceByItsInterfaceOnly() {
    holds(
        noneOf(
            resideInAnyPackage("dev.piecework.cli.backend..", "dev.piecework.cli.verb.."),
            KUBERNETES,
            "dev.piecework.cli.kube..",
            "io.fabric8.."));
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
  void aQueueInMemoryUsesTheApiOfTheQueueOnly() {
    holds(noneBut(resideInAPackage(FAKE), FAKE));
  }

  @Test
  void typedBagsUseQueueAndWorkerOnly() {
    holds(noneBut(resideInAPackage(BAG), BAG, WORKER));
  }

  @Test
  void theTestkitIsBelowTheWorkerAndTheCommandLine() {
    holds(noneOf(resideInAPackage(TESTKIT), WORKER, METRICS, TRACES, DRILL, CLI, TESTRUN));
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
  void onlyTheWorkerUsesWhatIsInternalToIt() {
    holds(
        noClasses()
            .that()
            .resideOutsideOfPackage(WORKER)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(WORKER_INTERNAL));
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
            .doNotHaveFullyQualifiedName(RedisUri.class.getName())
            .and()
            .doNotHaveFullyQualifiedName(SessionInfo.class.getName())
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
  void theApiOfTheWorkerReachesWhatIsInternalWhereItStartsSomethingOnly() {
    holds(
        noClasses()
            .that()
            .resideInAPackage(WORKER_API)
            .and()
            .doNotHaveFullyQualifiedName(Worker.class.getName())
            .should()
            .dependOnClassesThat()
            .resideInAPackage(WORKER_INTERNAL));
  }

  @Test
  void theInternalPackagesOfTheWorkerUseOneAnotherInOneDirection() {
    holds(slices().matching("dev.piecework.worker.internal.(*)..").should().beFreeOfCycles());
  }

  @Test
  void noPackageHasMoreTypesThanOneCanKnow() {
    Map<String, Long> types =
        house.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    assertThat(types)
        .containsKeys(QUEUE, "dev.piecework.internal.session", "dev.piecework.cli.run", PROCESS_API)
        .allSatisfy((name, count) -> assertThat(count).as(name).isLessThanOrEqualTo(40));
  }

  @Test
  void noInternalTypeIsInThePublicSignatures() {
    holds(
        classes()
            .that()
            .resideInAnyPackage(QUEUE, WORKER_API, PROCESS_API)
            .and()
            .arePublic()
            .should(hideWhatIsInternal()));
  }

  @Test
  void onlyTheQueueAndTheTestkitTalkToRedis() {
    holds(
        noClasses()
            .that()
            .resideInAnyPackage(WORKER, FAKE, BAG, METRICS, TRACES, DRILL, DASHBOARD, EMBEDDED)
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
            .resideInAnyPackage(
                QUEUE, WORKER, FAKE, BAG, METRICS, TRACES, DRILL, JOB, DASHBOARD, EMBEDDED, TESTKIT,
                TESTRUN)
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
            .callMethod(LocalDateTime.class, "now", ZoneId.class)
            .orShould()
            .callMethod(ZonedDateTime.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now", ZoneId.class)
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

  /** No other module than these, and the queue. */
  private static ArchRule noneBut(DescribedPredicate<JavaClass> who, String... allowed) {
    return noneOf(
        who,
        MODULES.stream()
            .filter(module -> !List.of(allowed).contains(module))
            .toArray(String[]::new));
  }

  /** Guards the rules against passing because nothing was read. */
  private static ArchCondition<JavaClass> haveCompanionsIn(Set<String> packages) {
    return check(
        "be read together with " + packages,
        c ->
            packages.stream()
                .allMatch(p -> house.stream().anyMatch(o -> resideInAPackage(p).test(o))));
  }
}
