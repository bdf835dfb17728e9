package dev.piecework.drill;

/**
 * A fault that was injected.
 *
 * @param kind which
 * @param phase how far the bag was
 * @param victim into what: the name of a process's history, or of a thing
 * @param at when, by {@link System#nanoTime}
 */
public record InjectedFault(String kind, Phase phase, String victim, long at) {}
