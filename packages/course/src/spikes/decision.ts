import { classCounts, type Looked, times } from "./program.ts";

/** The class that has spiked most in the end, and the time step from which on it has always been ahead; null when no class spikes. */
export function decision(looked: Looked): { readonly digit: number; readonly time: number } | null {
  const counts = Array.from({ length: times }, (_, t) => classCounts(looked, t));
  const ahead = counts.map((row) => (Math.max(...row) === 0 ? null : row.indexOf(Math.max(...row))));
  const digit = ahead.at(-1) ?? null;
  return digit === null ? null : { digit, time: ahead.findLastIndex((row) => row !== digit) + 1 };
}
