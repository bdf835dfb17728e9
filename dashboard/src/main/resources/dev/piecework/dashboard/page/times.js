// Item times in logarithmic buckets, as the journal has them. Pure.

/** Times of all workers are in buckets this many times as wide in the counts by worker. */
export const WORKER_STEP = 4;

/** The least time of a bucket, in seconds. */
export function lowerSeconds(bucket, ratio) {
  return bucket === 0 ? 0 : Math.pow(ratio, bucket - 1) / 1000;
}

/** What is in a bucket took less than this, in seconds. */
export function upperSeconds(bucket, ratio) {
  return Math.pow(ratio, bucket) / 1000;
}

export function bucketTotal(buckets) {
  return buckets.reduce((sum, [, n]) => sum + n, 0);
}

/** The time within which a part of the attempts was done, in seconds; null without any. */
export function quantile(buckets, part, ratio, step = 1) {
  const wanted = part * bucketTotal(buckets);
  let below = 0;
  for (const [bucket, n] of buckets) {
    if (n > 0 && below + n >= wanted) {
      const lower = lowerSeconds(bucket, ratio);
      return lower + ((wanted - below) / n) * (upperSeconds(bucket + step - 1, ratio) - lower);
    }
    below += n;
  }
  return null;
}

const knownSpeeds = new WeakMap();

/**
 * How each worker's median compares with that of all: a map from name to {count, median, factor};
 * the factor is null where too few attempts say anything. Of the same part of a block it is found once.
 */
export function speeds(block) {
  if (!knownSpeeds.has(block.timesByWorker)) knownSpeeds.set(block.timesByWorker, speedsOf(block));
  return knownSpeeds.get(block.timesByWorker);
}

function speedsOf(block) {
  const ratio = block.times.ratio;
  const all = quantile(block.times.buckets, 0.5, ratio);
  const result = new Map();
  for (const [index, buckets] of block.timesByWorker) {
    const count = bucketTotal(buckets);
    const median = quantile(buckets, 0.5, ratio, WORKER_STEP);
    const factor = count >= 5 && all ? median / all : null;
    result.set(block.workers[index] ?? "", { count, median, factor });
  }
  return result;
}

/** Where a bucket of a histogram is drawn: those of one width again, at most so many. */
export function merged(buckets, most) {
  if (buckets.length === 0) return { first: 0, width: 1, bars: [] };
  const first = buckets[0][0];
  const last = buckets[buckets.length - 1][0];
  const width = Math.max(1, Math.ceil((last - first + 1) / most));
  const bars = new Array(Math.ceil((last - first + 1) / width)).fill(0);
  for (const [bucket, n] of buckets) bars[Math.floor((bucket - first) / width)] += n;
  return { first, width, bars };
}
