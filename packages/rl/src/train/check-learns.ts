import { OptionError } from "@pellucid/core-train";

interface Schedule {
  readonly learningStarts: number;
  readonly trainFrequency?: number;
}

/** Refuses a run that ends before its first update. */
export function checkLearns(
  caller: string,
  totalTimesteps: number,
  { learningStarts, trainFrequency = 1 }: Schedule,
): void {
  const first = (Math.floor(learningStarts / trainFrequency) + 1) * trainFrequency + 1;
  if (totalTimesteps >= first) return;
  const expected = `at least ${first}, where learning begins: take more steps, or a lower learningStarts than ${learningStarts}`;
  throw new OptionError(caller, "totalTimesteps", totalTimesteps, expected);
}
