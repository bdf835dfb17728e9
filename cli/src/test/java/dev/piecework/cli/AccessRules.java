package dev.piecework.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What somebody may do in a namespace, as an API server with RBAC holds requests against it. */
final class AccessRules {

  private static final KubernetesSerialization JSON = new KubernetesSerialization();
  private static final Pattern PATH =
      Pattern.compile(
          "/(?:api|apis/([^/]+))/v[^/]+/namespaces/([^/]+)(?:/([^/?]+)(?:/([^/?]+)(?:/([^/?]+))?)?)?"
              + "(?:\\?.*)?");

  /** Everything. */
  static final AccessRules ALL = new AccessRules(Set.of());

  /** As {@code GROUP/RESOURCE VERB}; empty for everything. */
  private final Set<String> permitted;

  private AccessRules(Set<String> permitted) {
    this.permitted = Set.copyOf(permitted);
  }

  /** Those of the Role in a manifest. */
  static AccessRules of(String yaml) {
    Set<String> all = new HashSet<>();
    Object read = JSON.unmarshal(new ByteArrayInputStream(yaml.getBytes(ISO_8859_1)));
    for (Object object : read instanceof Collection<?> several ? several : List.of(read)) {
      if (object instanceof Role role) {
        role.getRules()
            .forEach(rule ->
                rule.getApiGroups()
                    .forEach(group ->
                        rule.getResources()
                            .forEach(resource ->
                                rule.getVerbs()
                                    .forEach(
                                        verb -> all.add(group + "/" + resource + " " + verb)))));
      } else {
        assert object instanceof HasMetadata;
      }
    }
    return new AccessRules(all);
  }

  /** One by one, as {@code GROUP/RESOURCE VERB}. */
  List<String> each() {
    return permitted.stream().sorted().toList();
  }

  AccessRules without(String right) {
    Set<String> rest = new HashSet<>(permitted);
    rest.remove(right);
    return new AccessRules(rest);
  }

  private boolean permits(String group, String resource, String verb) {
    return permitted.isEmpty() || permitted.contains(group + "/" + resource + " " + verb);
  }

  /** Why a request is refused, as an API server says it; null when it is not. */
  @Nullable String refusal(String method, String path) {
    Matcher matcher = PATH.matcher(path);
    if (permitted.isEmpty() || !matcher.matches()) {
      return null;
    }
    String group = matcher.group(1) == null ? "" : matcher.group(1);
    boolean aboutNamespace = matcher.group(3) == null;
    String resource = aboutNamespace ? "namespaces" : matcher.group(3);
    String name = aboutNamespace ? matcher.group(2) : matcher.group(4);
    String part = matcher.group(5);
    String whole = part == null ? resource : resource + "/" + part;
    for (String verb : verbs(method, name != null, part)) {
      if (!permits(group, whole, verb)) {
        return resource
            + (group.isEmpty() ? "" : "." + group)
            + (name == null ? "" : " \"" + name + "\"")
            + " is forbidden: User \"bob\" cannot "
            + verb
            + " resource \""
            + whole
            + "\" in API group \""
            + group
            + "\" in the namespace \""
            + matcher.group(2)
            + "\"";
      }
    }
    return null;
  }

  private static List<String> verbs(String method, boolean named, @Nullable String part) {
    if ("portforward".equals(part)) {
      return List.of("get", "create"); // each alone was refused by a real one
    }
    return switch (method) {
      case "GET" -> List.of(named ? "get" : "list");
      case "POST" -> List.of("create");
      case "PATCH" -> List.of("patch");
      case "PUT" -> List.of("update");
      case "DELETE" -> List.of("delete");
      default -> List.of(method);
    };
  }

  /** The answer to who asks what he may do. */
  String review(InputStream body, String head) throws IOException {
    Matcher length = Pattern.compile("(?i)content-length: *(\\d+)").matcher(head);
    byte[] text = body.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
    SelfSubjectAccessReview question =
        JSON.unmarshal(new String(text, ISO_8859_1), SelfSubjectAccessReview.class);
    ResourceAttributes asked = question.getSpec().getResourceAttributes();
    String group = asked.getGroup() == null ? "" : asked.getGroup();
    String part = asked.getSubresource();
    boolean allowed =
        permits(
            group,
            asked.getResource() + (part == null || part.isEmpty() ? "" : "/" + part),
            asked.getVerb());
    return JSON.asJson(
        new SelfSubjectAccessReviewBuilder(question)
            .withNewStatus()
            .withAllowed(allowed)
            .endStatus()
            .build());
  }
}
