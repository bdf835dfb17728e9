/**
 * The command line: {@code Main} finds the verb that was called in {@code Verbs}, has it parsed and
 * run, and makes an exit code and one line of whatever it throws.
 *
 * <p>Each package uses only those named before it: {@code verb}, {@code output}, {@code input},
 * {@code results}, {@code redis}, {@code queue}, {@code run}, {@code kube}, and this one.
 */
@NullMarked
package dev.piecework.cli;

import org.jspecify.annotations.NullMarked;
