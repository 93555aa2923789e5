/**
 * Rounds `channels` to the nearest multiple of `divisor`, but not below 90 % of `channels`: the widths of MobileNets. It is
 * torchvision's `_make_divisible`.
 */
export function makeDivisible(channels: number, divisor = 8): number {
  const nearest = Math.max(divisor, Math.trunc((channels + divisor / 2) / divisor) * divisor);
  return nearest < 0.9 * channels ? nearest + divisor : nearest;
}
