package dev.piecework.dashboard;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One script of a module and all that it leads to, so that a browser asks for one and not for
 * thirty. Each module becomes a function that gives what it exports, after those that it needs; the
 * one that is begun with comes last, as it is. Modules import in one line and by a relative name,
 * and export where they declare. Pure.
 */
final class Bundle {

  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import (\\{[^}\\n]*\\}|\\w+) from \"\\./([A-Za-z0-9.-]+)\";$");
  private static final Pattern EXPORT =
      Pattern.compile("(?m)^export ((?:async )?(?:function|class|const) (\\w+))");
  private static final Pattern DEFAULT = Pattern.compile("(?m)^export \\{ (\\w+) as default \\};$");
  private static final Pattern LEFT = Pattern.compile("(?m)^(?:import|export)\\b.*$");

  /** Nothing, while the module is being read: then something that it needs needs it. */
  private final Map<String, String> modules = new LinkedHashMap<>();

  private final List<String> inOrder = new ArrayList<>();

  private Bundle() {}

  /**
   * The text of it.
   *
   * @param entry a file of the page
   */
  static String of(String entry) {
    Bundle bundle = new Bundle();
    String last = bundle.linked(text(entry));
    StringBuilder all = new StringBuilder();
    bundle.inOrder.forEach(name -> all.append(bundle.modules.get(name)));
    return all.append(last).toString();
  }

  private void add(String name) {
    String known = modules.putIfAbsent(name, "");
    if (known == null) {
      modules.put(name, function(name, linked(text(name))));
      inOrder.add(name);
    } else if (known.isEmpty()) {
      throw new IllegalStateException(name + " needs itself");
    }
  }

  /** What it imports is taken from the functions of others, which are added. */
  private String linked(String text) {
    return IMPORT
        .matcher(text)
        .replaceAll(found -> {
          add(found.group(2));
          String names = found.group(1);
          String part = names.startsWith("{") ? "" : ".default";
          return Matcher.quoteReplacement(
              "const " + names + " = " + place(found.group(2)) + part + ";");
        });
  }

  private static String function(String name, String text) {
    List<String> exported = new ArrayList<>();
    EXPORT.matcher(text).results().forEach(found -> exported.add(found.group(2)));
    DEFAULT.matcher(text).results().forEach(found -> exported.add("default: " + found.group(1)));
    String body = DEFAULT.matcher(EXPORT.matcher(text).replaceAll("$1")).replaceAll("");
    Matcher left = LEFT.matcher(body);
    if (left.find()) {
      throw new IllegalStateException(name + " has what is not understood: " + left.group());
    }
    return "const %s = (() => {\n%s\nreturn { %s };\n})();\n"
        .formatted(place(name), body, String.join(", ", exported));
  }

  private static String place(String name) {
    return "$" + name.replaceAll("\\W", "_");
  }

  private static String text(String name) {
    byte[] bytes =
        Assets.read(name)
            .orElseThrow(() -> new IllegalStateException("the page has no file " + name));
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
