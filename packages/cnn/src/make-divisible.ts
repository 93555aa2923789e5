/**
 * The multiple of `divisor` next to `channels`, and the next higher one if that is more than a tenth less: how mobile nets
 * round widths. Sandler et al.'s reference code; torchvision's `_make_divisible`.
 */
export function makeDivisible(channels: number, divisor = 8): number {
  const nearest = Math.max(divisor, Math.trunc((channels + divisor / 2) / divisor) * divisor);
  return nearest < 0.9 * channels ? nearest + divisor : nearest;
}
