"""Whole-process benchmarks: ours and the peers, alternately, on a Redis of the harness's own."""
