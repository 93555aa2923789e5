import { Rng } from "@pellucid/core-train";
import { GridWorld } from "@pellucid/rl/environments";
import { greedyAction, qLearning, type QTable, valueIteration } from "@pellucid/rl/tabular";

/** The rules: −0.04 a step, +1 at the goal G, −1 in the pit H; a slip goes to one side. */
export const worldOf = (map: readonly string[], slip: number): GridWorld =>
  new GridWorld(map, { stepReward: -0.04, rewards: { G: 1, H: -1 }, slip });

/** What was learned after some episodes. */
export interface Snapshot {
  readonly episode: number;
  readonly q: QTable;
  readonly return: number;
}

/** Q-learning, and a copy of its table after each of the given episodes. */
export function learn(
  world: GridWorld,
  {
    episodes,
    epsilon,
    alpha,
    seed,
  }: { readonly episodes: number; readonly epsilon: number; readonly alpha: number; readonly seed: number },
  shown: readonly number[],
): Snapshot[] {
  const snapshots: Snapshot[] = [];
  for (const { episode, q, return: sum } of qLearning(world, {
    rng: new Rng(seed),
    episodes,
    epsilon,
    alpha,
    gamma: 0.99,
    seed,
  }))
    if (shown.includes(episode))
      snapshots.push({ episode, return: sum, q: q.map((row) => Float64Array.from(row)) });
  return snapshots;
}

/** The best values that are possible, by value iteration, which knows the rules. */
export const bestQ = (world: GridWorld): QTable => valueIteration(world, { gamma: 0.99 }).q;

/** The mean return of a policy over episodes of at most 100 steps; null acts at random. */
export function meanReturn(world: GridWorld, q: QTable | null, episodes: number, seed: number): number {
  const rng = new Rng(seed);
  let total = 0;
  for (let episode = 0; episode < episodes; episode++) {
    let { observation } = world.reset({ seed: seed + episode });
    for (let step = 0; step < 100; step++) {
      const random = Math.floor(4 * (rng.uniform([1], 0, 1).data[0] ?? 0));
      const move = q === null ? random : greedyAction(q[observation] ?? new Float64Array(4), 1e-9);
      const next = world.step(move);
      total += next.reward;
      observation = next.observation;
      if (next.terminated || next.truncated) break;
    }
  }
  return total / episodes;
}
