/** A position along an axis and how much it counts. */
export interface Tap {
  readonly index: number;
  readonly weight: number;
}

/** What to sample of a region along one axis: from `start`, `bins` of `size / bins`, each with `samples` points. */
export interface BinSampling {
  readonly start: number;
  readonly size: number;
  readonly bins: number;
  readonly samples: number;
  /** Elements of the feature map along the axis. */
  readonly length: number;
}

/**
 * The mean over each bin's samples as weights of positions. Samples are linear between the two next positions; before −1 or after `length` they
 * are 0, within a pixel of the border they take its value. Bilinear samples are the products of two axes.
 */
export function bilinearBins({ start, size, bins, samples, length }: BinSampling): Tap[][] {
  const each = Math.fround(size / bins);
  return Array.from({ length: bins }, (_, bin) => {
    const weights = new Map<number, number>();
    const put = (index: number, weight: number): void => {
      if (weight !== 0) weights.set(index, (weights.get(index) ?? 0) + weight / samples);
    };
    for (let s = 0; s < samples; s++) {
      const at = Math.fround(start + bin * each + ((s + 0.5) * each) / samples);
      if (at < -1 || at > length) continue;
      const from = Math.max(at, 0);
      const low = Math.min(Math.floor(from), length - 1);
      const fraction = low === length - 1 ? 0 : from - low;
      put(low, 1 - fraction);
      put(low + 1, fraction);
    }
    return Array.from(weights, ([index, weight]) => ({ index, weight }));
  });
}
