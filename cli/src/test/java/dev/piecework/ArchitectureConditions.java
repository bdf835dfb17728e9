package dev.piecework;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@link ArchitectureTest} asks of single types. */
final class ArchitectureConditions {

  private ArchitectureConditions() {}

  static ArchCondition<JavaClass> check(
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

  static ArchCondition<JavaClass> showOnlyTypesOfTheJdkAndOurs() {
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

  static ArchCondition<JavaClass> hideWhatIsInternal() {
    return new ArchCondition<>("show nothing internal") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        Stream.concat(
                item.getMembers().stream()
                    .filter(ArchitectureConditions::isForUsers)
                    .flatMap(member -> typesIn(member).stream()),
                Stream.concat(
                    item.getAllRawInterfaces().stream(), item.getAllRawSuperclasses().stream()))
            .map(type -> type.getBaseComponentType().getName())
            .forEach(name ->
                events.add(
                    new SimpleConditionEvent(
                        item, !name.contains(".internal."), item.getName() + " shows " + name)));
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
