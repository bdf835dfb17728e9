package dev.piecework.internal.session;

import java.time.Duration;

/**
 * A lease that another session holds, as Redis tells of it.
 *
 * @param session its holder
 * @param worker the holder's name
 * @param id as the scripts know it
 * @param age since it was leased, by Redis's clock
 */
public record LeaseElsewhere(String session, String worker, String id, long token, Duration age) {}
