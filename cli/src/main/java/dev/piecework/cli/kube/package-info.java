/** The verbs of {@code piecework kube}: a queue and the cluster that works on it. */
@NullMarked
package dev.piecework.cli.kube;

import org.jspecify.annotations.NullMarked;
