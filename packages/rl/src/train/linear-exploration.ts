/** From `start` to `end` in a straight line within `duration` steps, and `end` after it: CleanRL's `linear_schedule`. */
export function linearExploration(start: number, end: number, duration: number): (step: number) => number {
  return (step) => start + (end - start) * Math.min(step / duration, 1);
}
