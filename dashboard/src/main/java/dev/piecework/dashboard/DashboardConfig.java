package dev.piecework.dashboard;

/**
 * How a page is served.
 *
 * @param address to listen on
 * @param port 0 for any that is free
 * @param version of this program
 */
public record DashboardConfig(String address, int port, String version) {}
