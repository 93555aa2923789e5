import { checkChoice, checkSizes, OptionError, roundHalfEven } from "@pellucid/core-train";

/**
 * Which steps of training a sampler visits. `"trailing"` and `"linspace"` begin at the last one, `"leading"` does not (with
 * {@link zeroTerminalSnr} its start is wrong); `"linspace"` and `"leading"` end at the first, 0. `"pairs"` is lucidrains': evenly from before
 * the first step to the last.
 */
export type TimestepSpacing = "leading" | "trailing" | "linspace" | "pairs";

/** The steps of {@link TimestepSpacing}, falling. */
export function timestepSpacing(trainSteps: number, steps: number, spacing: TimestepSpacing): number[] {
  checkSizes("timestepSpacing", { trainSteps, steps });
  checkChoice("timestepSpacing", "spacing", spacing, ["leading", "trailing", "linspace", "pairs"]);
  if (steps > trainSteps)
    throw new OptionError("timestepSpacing", "steps", steps, `at most the ${trainSteps} of training`);
  const along = (i: number): number => {
    if (spacing === "leading") return (steps - 1 - i) * Math.floor(trainSteps / steps);
    if (spacing === "trailing") return roundHalfEven(trainSteps - (i * trainSteps) / steps) - 1;
    if (spacing === "linspace")
      return steps === 1 ? 0 : roundHalfEven(((steps - 1 - i) * (trainSteps - 1)) / (steps - 1));
    return Math.trunc(-1 + ((steps - i) * trainSteps) / steps);
  };
  return Array.from({ length: steps }, (_, i) => along(i));
}
