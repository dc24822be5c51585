// Thins a long curve to a few hundred points and keeps every peak: each bucket gives its lowest and its highest point.

/**
 * At most `limit` points of a curve that is sorted by x. The first and last points stay; of the points between, each of
 * equally wide buckets of x keeps its minimum and maximum of `value`, in order. Shorter curves come back unchanged.
 */
export function bucketMinMax<P>(
  points: readonly P[],
  x: (point: P) => number,
  value: (point: P) => number,
  limit = 300,
): readonly P[] {
  if (points.length <= limit || limit < 4) return points;
  const first = points[0];
  const last = points[points.length - 1];
  const buckets = Math.floor((limit - 2) / 2);
  const width = (x(last) - x(first)) / buckets;
  const kept: P[] = [first];
  let low: P | undefined;
  let high: P | undefined;
  let current = 0;
  const close = () => {
    if (low === undefined || high === undefined) return;
    kept.push(...(low === high ? [low] : x(low) <= x(high) ? [low, high] : [high, low]));
    low = high = undefined;
  };
  for (const point of points.slice(1, -1)) {
    const bucket = Math.min(buckets - 1, Math.floor((x(point) - x(first)) / width));
    if (bucket !== current) {
      close();
      current = bucket;
    }
    if (low === undefined || value(point) < value(low)) low = point;
    if (high === undefined || value(point) > value(high)) high = point;
  }
  close();
  kept.push(last);
  return kept;
}
