package dev.piecework.kubernetes.cluster;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which cluster, as {@code kubectl} is told.
 *
 * @param kubeconfig null for the files that KUBECONFIG names, or {@code ~/.kube/config}
 * @param context null for the current one
 * @param namespace null for the context's
 */
public record ClusterAddress(
    @Nullable Path kubeconfig, @Nullable String context, @Nullable String namespace) {}
