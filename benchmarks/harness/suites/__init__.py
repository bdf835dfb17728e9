"""The suites, by name: a function from options to the contests it held and the targets it can judge."""
