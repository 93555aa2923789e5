/** The positions of a bin along an axis, from `from` to `to − 1`; none where they are equal. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Divides `extent` positions from `start` into bins: from each bin's start rounded down to its end rounded up, within `length`. */
export function integerBins(start: number, extent: number, bins: number, length: number): Span[] {
  const each = Math.fround(extent / bins);
  const within = (position: number): number => Math.min(Math.max(position + start, 0), length);
  return Array.from({ length: bins }, (_, bin) => ({
    from: within(Math.floor(Math.fround(bin * each))),
    to: within(Math.ceil(Math.fround((bin + 1) * each))),
  }));
}

/** Rounds halves away from zero, as C's `round`. */
export function roundHalfAway(x: number): number {
  return Math.sign(x) * Math.round(Math.abs(x));
}
