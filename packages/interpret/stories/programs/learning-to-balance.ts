import { Rng } from "@pellucid/core-train";
import { saliency } from "@pellucid/interpret";
import { curves, heatmap, type HeatmapOptions, matrix } from "@pellucid/interpret/draw";
import { dqn, DuellingQNetwork, QNetwork } from "@pellucid/rl";
import { CartPole, make } from "@pellucid/rl/environments";
import { type Rank, reshape, slice, sub, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import type { Run, Show } from "./run.ts";

export interface Options {
  /** Steps in the environment. */
  readonly steps: number;
  /** Whether the network that learns chooses the action that its copy values. */
  readonly double: boolean;
  readonly duelling: boolean;
  readonly seed: number;
}

export const options: Options = { steps: 6_000, double: false, duelling: false, seed: 1 };

type Net = QNetwork | DuellingQNetwork;

const inputs = ["position", "velocity", "angle", "angular velocity"];
const side = 25;
const reach = { angle: 0.21, speed: 1.5 };

export async function program(
  { steps, double, duelling, seed }: Options,
  { signal, onProgress }: Run = {},
  show: Show = () => {},
) {
  const rng = new Rng(seed);
  const hidden = [64, 64];
  const net = duelling ? new DuellingQNetwork(4, 2, { rng, hidden }) : new QNetwork(4, 2, { rng, hidden });
  const learning = dqn(net, make("CartPole-v1"), {
    rng,
    totalTimesteps: steps,
    learningStarts: 300,
    trainFrequency: 2,
    targetNetworkFrequency: 200,
    batchSize: 64,
    double,
    compile: true,
    ...(signal && { signal }),
  });
  const returns: number[] = [];
  try {
    const before = await held(net, 10);
    for await (const event of learning) {
      if (event.kind !== "episode") continue;
      returns.push(event.return);
      onProgress?.(event.step, steps);
      if (returns.length % 40 === 0) show(returnChart(returns), await valueMap(net));
    }
    signal?.throwIfAborted();
    const after = await held(net, 10);
    const states = await episode(net, 77);
    const shares = await looksAt(net, states);
    const pictures = [
      returnChart(returns),
      await valueMap(net),
      matrix(
        { data: shares, shape: [1, inputs.length] },
        {
          title: "What its choice depends on in an episode",
          rowNames: ["share"],
          columnNames: inputs,
          rowLabel: "of the gradient",
          columnLabel: "number",
        },
      ),
    ];
    const [right = NaN, left = NaN] = await preferences(net, [
      [0, 0, 0.1, 0.5],
      [0, 0, -0.1, -0.5],
    ]);
    return { pictures, before, after, right, left, shares };
  } finally {
    net.dispose();
  }
}

/** The value of the right less that of the left, for each state. */
const preference = (net: Net) => (x: Tensor2D) =>
  tidy(() => {
    const q = net.forward(x); //                                              [state, 2]
    return reshape<Rank.R1>(sub(slice(q, [0, 1], [-1, 1]), slice(q, [0, 0], [-1, 1])), [-1]);
  });

async function preferences(net: Net, states: readonly (readonly number[])[]): Promise<Float32Array> {
  const found = tidy(() => preference(net)(tensor2d(states.map((state) => [...state]))));
  const data = Float32Array.from(await found.data());
  found.dispose();
  return data;
}

/** Steps for which the better action holds the pole, at most 500: the mean of some episodes, played side by side. */
async function held(net: Net, episodes: number): Promise<number> {
  let alive = Array.from({ length: episodes }, (_, i) => {
    const env = new CartPole();
    env.reset({ seed: 100 + i });
    return env;
  });
  let total = 0;
  for (let step = 0; step < 500 && alive.length > 0; step++) {
    const chosen = await preferences(
      net,
      alive.map(({ state }) => state),
    );
    total += alive.length;
    alive = alive.filter((env, i) => !env.step((chosen[i] ?? 0) > 0 ? 1 : 0).terminated);
  }
  return total / episodes;
}

/** The states of one episode. */
async function episode(net: Net, seed: number): Promise<number[][]> {
  const env = new CartPole();
  env.reset({ seed });
  const states: number[][] = [];
  for (let step = 0; step < 100; step++) {
    states.push(Array.from(env.state));
    const [right = 0] = await preferences(net, [env.state]);
    if (env.step(right > 0 ? 1 : 0).terminated) break;
  }
  return states;
}

/** How much of the preference changes with each number: its gradient times the number, without sign, as shares. */
async function looksAt(net: Net, states: readonly number[][]): Promise<number[]> {
  const x = tensor2d(states.map((state) => [...state]));
  const gradient = saliency(preference(net))(x); //                              [state, 4]
  const values = await gradient.data();
  x.dispose();
  gradient.dispose();
  const sizes = inputs.map((_, i) =>
    states.reduce((sum, state, at) => sum + Math.abs((state[i] ?? 0) * (values[4 * at + i] ?? 0)), 0),
  );
  const whole = sizes.reduce((a, b) => a + b, 0);
  return sizes.map((size) => size / whole);
}

function returnChart(returns: readonly number[]): HTMLElement {
  const smooth = returns.map((_, i) => {
    const last = returns.slice(Math.max(0, i - 19), i + 1);
    return last.reduce((a, b) => a + b, 0) / last.length;
  });
  return curves(
    { "each episode": returns, "mean of the last 20": smooth },
    { title: "How long the pole is held while it learns", xLabel: "episode", yLabel: "steps" },
  );
}

/** Which push is worth more, over the pole's angle and its speed; the cart stands still in the middle. */
async function valueMap(net: Net): Promise<HTMLElement> {
  const states = Array.from({ length: side * side }, (_, i) => {
    const across = (2 * (i % side)) / (side - 1) - 1;
    const up = 1 - (2 * Math.floor(i / side)) / (side - 1);
    return [0, 0, reach.angle * across, reach.speed * up];
  });
  const how: HeatmapOptions = {
    title: "Right less left: across the angle, up its speed",
    signed: true,
  };
  return heatmap({ data: Array.from(await preferences(net, states)), shape: [side, side] }, how);
}
