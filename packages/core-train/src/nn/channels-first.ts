/**
 * The axes that turn our layout into PyTorch's: images `[batch, height, width, channel]` -> `[batch, channel, height, width]`,
 * volumes alike. Every other rank has the same layout in both.
 */
export function channelsFirst(rank: number): number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const channel = rank - 1;
  return rank === 4 || rank === 5 ? [0, channel, ...axes.slice(1, channel)] : axes;
}

/** The axes that turn PyTorch's layout into ours: the inverse of {@link channelsFirst}. */
export function channelsLast(rank: number): number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return rank === 4 || rank === 5 ? [0, ...axes.slice(2), 1] : axes;
}
