/**
 * The objects of a cluster that run a bag of work: pure functions from a plan to objects, and
 * objects to YAML.
 */
@NullMarked
package dev.piecework.kubernetes.manifest;

import org.jspecify.annotations.NullMarked;
