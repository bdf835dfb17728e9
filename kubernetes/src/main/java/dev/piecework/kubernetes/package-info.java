/**
 * From a laptop to a cluster: the worker's image ({@code .image}), the objects that run it ({@code
 * .manifest}), and what happens to them in a cluster ({@code .cluster}). The only module with a
 * Kubernetes client. It knows no queue: what the queue says comes in through interfaces.
 */
@NullMarked
package dev.piecework.kubernetes;

import org.jspecify.annotations.NullMarked;
