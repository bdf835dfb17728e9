package dev.piecework.job.policy;

import org.jspecify.annotations.Nullable;

/**
 * One rule of a successPolicy; at least one of its two is set.
 *
 * @param indexes which indexes have to succeed, null for any
 * @param count how many of them, null for all
 */
public record SuccessRule(@Nullable Indexes indexes, @Nullable Integer count) {}
