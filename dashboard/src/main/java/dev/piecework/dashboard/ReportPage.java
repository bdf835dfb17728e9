package dev.piecework.dashboard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * Makes one file of {@code report.html} and what it needs: style sheets become {@code <style>}, and
 * a script with all that it imports one module. A policy in the file forbids every request, and
 * every script but this. Pure.
 */
final class ReportPage {

  private static final Pattern STYLE =
      Pattern.compile("<link rel=\"stylesheet\" href=\"assets/([^\"]+)\">");
  private static final Pattern SCRIPT =
      Pattern.compile("<script type=\"module\" src=\"assets/([^\"]+)\"></script>");
  private static final String BLOCK = "<script type=\"application/json\" id=\"block\">";
  private static final String DEAD = "<script type=\"text/plain\" id=\"dead-items\">";
  private static final String HEAD = "<head>";

  private static final Pattern ENDS_A_SCRIPT =
      Pattern.compile("</script|<!--", Pattern.CASE_INSENSITIVE);

  private final List<String> styleHashes = new ArrayList<>();
  private final List<String> scriptHashes = new ArrayList<>();

  private ReportPage() {}

  /**
   * The page of this block.
   *
   * @param dead the dead items, a JSON array; they are much alike, and packed take a tenth
   */
  static String with(String block, String dead) {
    return new ReportPage().page(block, dead);
  }

  private String page(String block, String dead) {
    String page = asset("report.html");
    page = replaced(STYLE, page, this::style);
    page = replaced(SCRIPT, page, this::script);
    page = page.replace(BLOCK, BLOCK + inScript(block));
    page = page.replace(DEAD, DEAD + JsonText.base64(gzip(dead.getBytes(StandardCharsets.UTF_8))));
    return page.replace(HEAD, HEAD + "\n" + policy());
  }

  private String style(String name) {
    String text = asset(name).replace("</", "<\\/");
    styleHashes.add(hash(text));
    return "<style>" + text + "</style>";
  }

  private String script(String entry) {
    String text = Bundle.of(entry);
    if (ENDS_A_SCRIPT.matcher(text).find()) {
      throw new IllegalStateException("a script that cannot be in a page: " + entry);
    }
    scriptHashes.add(hash(text));
    return "<script type=\"module\">" + text + "</script>";
  }

  private String policy() {
    return "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:;"
        + " base-uri 'none'; form-action 'none'; style-src"
        + sources(styleHashes)
        + "; script-src"
        + sources(scriptHashes)
        + "\">";
  }

  private static String sources(List<String> hashes) {
    StringBuilder all = new StringBuilder();
    hashes.forEach(hash -> all.append(" 'sha256-").append(hash).append('\''));
    return all.toString();
  }

  /** JSON in which nothing ends the element that it is in, or begins another. */
  private static String inScript(String json) {
    return json.replace("<", "\\u003c");
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    } catch (IOException memoryHasNone) {
      throw new UncheckedIOException(memoryHasNone);
    }
    return packed.toByteArray();
  }

  private static String replaced(Pattern pattern, String text, Function<String, String> by) {
    return pattern
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(by.apply(found.group(1))));
  }

  private static String asset(String name) {
    byte[] bytes =
        Assets.read(name)
            .orElseThrow(() -> new IllegalStateException("the page has no file " + name));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException everyJvmHasIt) {
      throw new IllegalStateException(everyJvmHasIt);
    }
  }
}
