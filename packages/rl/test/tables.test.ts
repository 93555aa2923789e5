import { OptionError, Rng, ShapeError } from "@pellucid/core-train";
import { CliffWalking, FrozenLake, GridWorld, TimeLimit } from "@pellucid/rl/environments";
import {
  expectedSarsa,
  greedyAction,
  nStepSarsa,
  policyEvaluation,
  policyIteration,
  qLearning,
  sarsa,
  type TabularEpisode,
  valueIteration,
} from "@pellucid/rl/tabular";
import { describe, expect, test } from "vitest";

/** Sutton and Barto, example 4.1. */
const grid = () => new GridWorld(["E...", "....", "....", "...E"]);

test("a random policy on the grid of Sutton and Barto has the values of their figure 4.1", () => {
  const uniform = Array.from({ length: 16 }, () => [0.25, 0.25, 0.25, 0.25]);
  const values = policyEvaluation(grid(), uniform, { gamma: 1 });
  const figure = [0, -14, -20, -22, -14, -18, -20, -20, -20, -20, -18, -14, -22, -20, -14, 0];
  figure.forEach((value, state) => expect(values[state]).toBeCloseTo(value, 8));
});

test("policy iteration and value iteration agree", () => {
  for (const model of [new FrozenLake(), new CliffWalking({ isSlippery: true }), grid()]) {
    const [byValue, byPolicy] = [
      valueIteration(model, { gamma: 0.95 }),
      policyIteration(model, { gamma: 0.95 }),
    ];
    byValue.values.forEach((value, state) => expect(byPolicy.values[state]).toBeCloseTo(value, 8));
    expect(byPolicy.policy).toEqual(byValue.policy);
  }
});

const methods = { qLearning, sarsa, expectedSarsa, nStepSarsa };
const cliff = () => new TimeLimit<number, number, CliffWalking>(new CliffWalking(), 500);
const last = (run: Iterable<TabularEpisode>) => [...run].at(-1) as TabularEpisode;

/** Steps of the greedy policy to the goal, at most 50. */
function walk(q: TabularEpisode["q"]): number {
  const env = new CliffWalking();
  let { observation } = env.reset({ seed: 0 });
  for (let length = 1; length <= 50; length++) {
    const step = env.step(greedyAction(q[observation] as Float64Array));
    observation = step.observation;
    if (step.terminated) return length;
  }
  return Infinity;
}

describe.each(Object.entries(methods))("%s", (name, learn) => {
  test("finds the way along the cliff, the same one for a seed", () => {
    const run = () => last(learn(cliff(), { rng: new Rng(1), episodes: 500, gamma: 1, epsilon: 0.1 }));
    const { q } = run();
    expect(run().q).toEqual(q);
    // the shortest way is 13 steps; SARSA of several steps keeps further from the cliff
    expect(walk(q)).toBeLessThanOrEqual(name === "qLearning" ? 13 : 21);
  });

  test("refuses options out of their range", () => {
    const rng = new Rng(0);
    expect(() => [...learn(cliff(), { rng, episodes: 0 })]).toThrow(OptionError);
    expect(() => [...learn(cliff(), { rng, episodes: 1, alpha: 2 })]).toThrow(OptionError);
    expect(() => [...learn(cliff(), { rng, episodes: 1, gama: 1 } as never)]).toThrow(/gama.*gamma/);
    expect(() => [...learn(cliff(), { episodes: 1 } as never)]).toThrow(OptionError);
  });
});

test("Q-learning goes along the edge of the cliff, SARSA keeps away from it, and gets more while it learns", () => {
  const learn = (method: typeof qLearning) => {
    const episodes = [...method(cliff(), { rng: new Rng(2), episodes: 500, gamma: 1 })];
    const late = episodes.slice(-200).map((each) => each.return);
    return {
      length: walk((episodes.at(-1) as TabularEpisode).q),
      mean: late.reduce((a, b) => a + b, 0) / 200,
    };
  };
  const [bold, careful] = [learn(qLearning), learn(sarsa)];
  expect(bold.length).toBe(13);
  expect(careful.length).toBeGreaterThan(13);
  expect(careful.mean).toBeGreaterThan(bold.mean + 10); // figure of example 6.6: about −25 and −45
});

test("one step of each method is the hand-worked one", () => {
  // Two states in a row, then the end: the reward is −1 for each step, and every action but "right" stays.
  const corridor = () => new GridWorld(["S.E"]);
  const table = () => [new Float64Array([0, 1, 0, 0]), new Float64Array([0, 2, 0, 0]), new Float64Array(4)];
  const options = { rng: new Rng(0), episodes: 1, alpha: 0.5, gamma: 0.9, epsilon: 0 };
  const after = (learn: typeof qLearning) =>
    last(learn(corridor(), { ...options, q: table() })).q.map((row) => row[1]);
  // Q(0, right) = 1 + ½ (−1 + 0.9 · 2 − 1) = 0.9, Q(1, right) = 2 + ½ (−1 − 2) = 0.5
  for (const learn of [qLearning, sarsa, expectedSarsa]) expect(after(learn)[0]).toBeCloseTo(0.9, 12);
  expect(after(qLearning)[1]).toBeCloseTo(0.5, 12);
  // two steps at once: Q(0, right) = 1 + ½ (−1 − 0.9 − 1) = −0.45
  expect(last(nStepSarsa(corridor(), { ...options, n: 2, q: table() })).q[0]?.[1]).toBeCloseTo(-0.45, 12);
});

test("a policy of the wrong size is an error", () => {
  expect(() => policyEvaluation(grid(), [[1, 0, 0, 0]])).toThrow(ShapeError);
});

test("an aborted signal ends learning between two episodes", () => {
  const controller = new AbortController();
  const seen: number[] = [];
  for (const { episode } of qLearning(cliff(), {
    rng: new Rng(0),
    episodes: 100,
    signal: controller.signal,
  })) {
    seen.push(episode);
    if (episode === 3) controller.abort();
  }
  expect(seen).toEqual([1, 2, 3]);
});
