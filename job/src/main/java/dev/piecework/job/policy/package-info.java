/**
 * The rules of a Kubernetes Job, as pure functions of its spec, its status, its pods and the time.
 *
 * <p>{@link dev.piecework.job.policy.JobPolicy} puts them together; each other file is one rule.
 * The rules are those of the job controller and the kubelet of Kubernetes 1.34.
 */
@NullMarked
package dev.piecework.job.policy;

import org.jspecify.annotations.NullMarked;
