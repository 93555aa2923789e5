/**
 * The bucket of the distance from a query to a key: each short distance has its own, longer ones share logarithmically wider ones, in the
 * 32-bit arithmetic of transformers.
 *
 * Raffel et al., 2020, section 2.1. https://arxiv.org/abs/1910.10683
 *
 * @param relative the position of the key minus that of the query
 * @param buckets how many there are
 * @param limit from this distance on all are in the last bucket
 * @param bidirectional whether keys after the query have buckets of their own, half of all; otherwise they are in the first
 */
export function relativeBucket(
  relative: number,
  buckets: number,
  limit: number,
  bidirectional: boolean,
): number {
  const count = bidirectional ? buckets / 2 : buckets;
  const first = bidirectional && relative > 0 ? count : 0;
  const distance = bidirectional ? Math.abs(relative) : Math.max(-relative, 0);
  const exact = Math.floor(count / 2);
  if (distance < exact) return first + distance;
  const { fround } = Math;
  const ratio = fround(fround(Math.log(fround(distance / exact))) / fround(Math.log(limit / exact)));
  return first + Math.min(exact + Math.floor(fround(ratio * (count - exact))), count - 1);
}
