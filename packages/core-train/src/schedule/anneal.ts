/** How a schedule gets from one value to another: along half a cosine, or in a straight line. */
export type AnnealStrategy = "cos" | "linear";

/** Where it is after the part `done` of the way, from 0 to 1. */
export function anneal(from: number, to: number, done: number, strategy: AnnealStrategy = "cos"): number {
  if (strategy === "linear") return from + (to - from) * done;
  return to + ((from - to) / 2) * (1 + Math.cos(Math.PI * done));
}
