package dev.piecework.kubernetes.rights;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/** A Role with certain rights, and who has it. Pure. */
public final class RightsRole {

  private static final String RBAC = "rbac.authorization.k8s.io";

  private RightsRole() {}

  /** Who gets the rights. */
  public sealed interface Holder {
    /** A ServiceAccount of the namespace, which is made too. */
    record Account(String name) implements Holder {}

    /** A user, by the name that the API server knows. */
    record User(String name) implements Holder {}

    /** All users of a group. */
    record Group(String name) implements Holder {}
  }

  /** The objects, in the order in which they are to be applied. */
  public static List<HasMetadata> objects(
      String name, String namespace, SortedSet<Right> rights, Holder holder) {
    List<HasMetadata> all = new ArrayList<>();
    if (holder instanceof Holder.Account(var account)) {
      all.add(new ServiceAccountBuilder().withMetadata(metadata(account, namespace)).build());
    }
    all.add(
        new RoleBuilder().withMetadata(metadata(name, namespace)).withRules(rules(rights)).build());
    all.add(
        new RoleBindingBuilder()
            .withMetadata(metadata(name, namespace))
            .withNewRoleRef(RBAC, "Role", name)
            .withSubjects(subject(holder, namespace))
            .build());
    return List.copyOf(all);
  }

  private static ObjectMeta metadata(String name, String namespace) {
    return new ObjectMetaBuilder().withName(name).withNamespace(namespace).build();
  }

  private static Subject subject(Holder holder, String namespace) {
    return switch (holder) {
      case Holder.Account(var name) -> new Subject(null, "ServiceAccount", name, namespace);
      case Holder.User(var name) -> new Subject(RBAC, "User", name, null);
      case Holder.Group(var name) -> new Subject(RBAC, "Group", name, null);
    };
  }

  /** One rule for all resources of a group that are permitted the same. */
  static List<PolicyRule> rules(SortedSet<Right> rights) {
    Map<String, Map<String, List<String>>> verbs = new TreeMap<>();
    for (Right right : rights) {
      verbs
          .computeIfAbsent(right.group(), _ -> new TreeMap<>())
          .computeIfAbsent(right.resource(), _ -> new ArrayList<>())
          .add(right.verb());
    }
    List<PolicyRule> rules = new ArrayList<>();
    verbs.forEach((group, resources) -> {
      Map<List<String>, List<String>> same = new LinkedHashMap<>();
      resources.forEach((resource, permitted) ->
          same.computeIfAbsent(permitted, _ -> new ArrayList<>()).add(resource));
      same.forEach((permitted, some) ->
          rules.add(
              new PolicyRuleBuilder()
                  .withApiGroups(group)
                  .withResources(some)
                  .withVerbs(permitted)
                  .build()));
    });
    return rules;
  }
}
