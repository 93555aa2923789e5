import { percent } from "@pellucid/interpret/parts/number-text";

/** A share in percent, which may be negative or above 1. */
export const shareText = (share: number): string =>
  share >= 0 && share <= 1 ? percent(share) : `${Math.round(100 * share)}%`;
