import { checkArguments, checkOptions, checkSizes } from "@pellucid/core-train";
import type { Action, Env, Observation } from "../environments/env.ts";

/** What an agent does about what it sees. */
export type Policy<O extends Observation = Float32Array, A extends Action = Action> = (
  observation: O,
) => A | Promise<A>;

/** Options for {@link evaluatePolicy}. */
export interface EvaluatePolicyOptions {
  /** Default: 10. */
  readonly episodes?: number;
  /** Seeds the environment. Default: 0. */
  readonly seed?: number;
}

/** Plays whole episodes: the return and the length of each, and the mean of the returns. */
export async function evaluatePolicy<O extends Observation, A extends Action>(
  policy: Policy<O, A>,
  env: Env<O, A>,
  options: EvaluatePolicyOptions = {},
): Promise<{
  readonly returns: readonly number[];
  readonly lengths: readonly number[];
  readonly mean: number;
}> {
  checkArguments("evaluatePolicy", { function: { policy }, "{ reset, step }": { env } });
  checkOptions("evaluatePolicy", options, ["episodes", "seed"]);
  const { episodes = 10, seed = 0 } = options;
  checkSizes("evaluatePolicy", { episodes });
  checkSizes("evaluatePolicy", { seed }, 0);
  const [returns, lengths]: [number[], number[]] = [[], []];
  for (let episode = 0; episode < episodes; episode++) {
    let { observation } = env.reset(episode === 0 ? { seed } : {});
    let [total, length] = [0, 0];
    for (let isOver = false; !isOver; length++) {
      const next = env.step(await policy(observation));
      observation = next.observation;
      total += next.reward;
      isOver = next.terminated || next.truncated;
    }
    returns.push(total);
    lengths.push(length);
  }
  return { returns, lengths, mean: returns.reduce((sum, each) => sum + each, 0) / episodes };
}
