import { checkArguments, OptionError } from "@pellucid/core-train";
import type { Space } from "../environments/env.ts";

/** Throws an {@link OptionError} unless an environment shows vectors, and takes actions of the kind that a method needs. */
export function checkTask(
  caller: string,
  env: { readonly observationSpace: Space; readonly actionSpace: Space },
  actions: Space["kind"],
): void {
  checkArguments(caller, { "{ observationSpace, actionSpace, reset, step }": { env } });
  if (env.observationSpace.kind !== "box")
    throw new OptionError(
      caller,
      "env.observationSpace",
      env.observationSpace.kind,
      "a Box: numbered states are for qLearning and sarsa",
    );
  if (env.actionSpace.kind === actions) return;
  const expected =
    actions === "discrete"
      ? "Discrete: for actions of numbers see sac"
      : "a Box: for numbered actions see dqn";
  throw new OptionError(caller, "env.actionSpace", env.actionSpace.kind, expected);
}
