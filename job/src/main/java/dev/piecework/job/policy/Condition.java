package dev.piecework.job.policy;

import java.time.Instant;

/** A condition in a Job's status, as it is written there. */
public record Condition(
    String type, boolean status, String reason, String message, Instant transition) {}
