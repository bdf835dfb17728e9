/**
 * Builds the worker's image layer by layer, without a container engine, and writes or pushes it.
 */
@NullMarked
package dev.piecework.kubernetes.image;

import org.jspecify.annotations.NullMarked;
