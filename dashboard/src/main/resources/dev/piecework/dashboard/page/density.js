// How much of the time of each row of the timeline is covered by attempts of the sample. Pure.

const LEAST_SHARE = 0.15;

/**
 * Cells {lane, from, to, share} of those that have any; the share is of the fullest cell, and never
 * so little that it is not seen.
 */
export function densityCells(sample, laneCount, laneOf, [from, to], columnCount) {
  const columns = Math.max(1, columnCount);
  const width = (to - from) / columns;
  const covered = Array.from({ length: laneCount }, () => new Float64Array(columns));
  for (const one of sample) {
    const lane = covered[laneOf(one)];
    const start = one[2] - from;
    const end = start + Math.max(one[3], 1);
    const last = Math.min(columns - 1, Math.floor(end / width));
    for (let i = Math.max(0, Math.floor(start / width)); i <= last; i++) {
      lane[i] += Math.min(end, (i + 1) * width) - Math.max(start, i * width);
    }
  }
  let most = 0;
  for (const lane of covered) for (const value of lane) most = Math.max(most, value);
  const cells = [];
  covered.forEach((lane, index) => lane.forEach((value, i) => {
    if (value <= 0) return;
    cells.push({
      lane: index,
      from: from + i * width,
      to: from + (i + 1) * width,
      share: LEAST_SHARE + (1 - LEAST_SHARE) * (value / most),
    });
  }));
  return cells;
}
