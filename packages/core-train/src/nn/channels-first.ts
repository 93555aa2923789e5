/**
 * The permutation of axes from our layout to PyTorch's: images `[batch, height, width, channel]` -> `[batch, channel, height, width]`,
 * and likewise volumes. Other ranks have the same layout in both.
 */
export function channelsFirst(rank: number): number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const channel = rank - 1;
  return rank === 4 || rank === 5 ? [0, channel, ...axes.slice(1, channel)] : axes;
}

/** The permutation of axes from PyTorch's layout to ours: the inverse of {@link channelsFirst}. */
export function channelsLast(rank: number): number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return rank === 4 || rank === 5 ? [0, ...axes.slice(2), 1] : axes;
}
