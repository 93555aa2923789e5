import { loadWeights, Module, Rng, withoutInit } from "@pellucid/core-train";
import { saliency, type Score } from "@pellucid/interpret";
import { QNetwork } from "@pellucid/rl";
import { CartPole } from "@pellucid/rl/environments";
import { type Rank, reshape, slice, sub, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";

/** Steps of training after which the network was stored. */
export const stored = [0, 20_000, 40_000, 60_000, 100_000, 250_000] as const;
/** Steps of an episode at most. */
export const most = 500;

/** The numbers that it sees. */
export const inputs = ["position", "velocity", "angle", "angular velocity"] as const;

/** The value of each action: 1,282 weights. */
export const qNetwork = (rng: Rng) => new QNetwork(4, 2, { rng, hidden: [32, 32] });

/** The same network at several times of its training. */
export class Snapshots extends Module {
  readonly nets: readonly QNetwork[];

  constructor(rng: Rng) {
    super();
    this.nets = stored.map(() => qNetwork(rng));
  }
}

/** Networks with the weights of a file. */
export function snapshots(weights: ArrayBuffer): Snapshots {
  const model = withoutInit(() => new Snapshots(new Rng(0)));
  loadWeights(model, weights);
  return model;
}

/** Values of both actions for states, `[left, right]` each. */
export async function valuesOf(
  net: QNetwork,
  states: readonly (readonly number[])[],
): Promise<Float32Array[]> {
  const q = tidy(() => net.forward(tensor2d(states.map((state) => [...state])))); // [state, 2]
  const values = await q.data();
  q.dispose();
  return states.map((_, i) => Float32Array.from(values.subarray(2 * i, 2 * i + 2)));
}

/** One step of an episode. */
export interface Frame {
  readonly state: readonly number[];
  /** The values of left and right. */
  readonly q: Float32Array;
}

/** An episode of the better action; after `kickAt` steps someone pushes the pole. */
export async function play(
  net: QNetwork,
  { seed, kick, kickAt }: { readonly seed: number; readonly kick: number; readonly kickAt: number },
): Promise<Frame[]> {
  const env = new CartPole();
  env.reset({ seed });
  const frames: Frame[] = [];
  for (let step = 0; step < most; step++) {
    if (step === kickAt) {
      const [x, v, angle, turning] = env.state;
      env.state = [x, v, angle, turning + kick];
    }
    const state = Array.from(env.state);
    const [q = new Float32Array(2)] = await valuesOf(net, [state]);
    frames.push({ state, q });
    if (env.step((q[1] ?? 0) > (q[0] ?? 0) ? 1 : 0).terminated) break;
  }
  return frames;
}

/**
 * How long the pole stays up on average. `blind` hides one of the numbers: the network gets 0 for it, its value when all is well. Without a network actions are random.
 */
export async function meanSteps(
  net: QNetwork | null,
  episodes: number,
  blind: number | null = null,
): Promise<number> {
  const rng = new Rng(3);
  let alive = Array.from({ length: episodes }, (_, seed) => {
    const env = new CartPole();
    env.reset({ seed: 100 + seed });
    return env;
  });
  let total = 0;
  for (let step = 0; step < most && alive.length > 0; step++) {
    total += alive.length;
    const seen = alive.map(({ state }) => state.map((v, i) => (i === blind ? 0 : v)));
    const q = net === null ? null : await valuesOf(net, seen);
    const random = rng.rand([alive.length]).data;
    alive = alive.filter((env, i) => {
      const [left = 0, right = 0] = q?.[i] ?? [0.5, random[i] ?? 0];
      return !env.step(right > left ? 1 : 0).terminated;
    });
  }
  return total / episodes;
}

/** How much more the right is worth than the left. */
export const preference =
  (net: QNetwork): Score<Tensor2D> =>
  (x) =>
    tidy(() => {
      const q = net.forward(x); //                                    [state, 2]
      return reshape<Rank.R1>(sub(slice(q, [0, 1], [-1, 1]), slice(q, [0, 0], [-1, 1])), [-1]);
    });

/** What each number adds to the preference: its gradient times how far it is `away` from its mean, `[state][number]`. */
export async function looksAt(
  net: QNetwork,
  states: readonly (readonly number[])[],
  away: readonly (readonly number[])[],
): Promise<Float32Array[]> {
  const x = tensor2d(states.map((state) => [...state]));
  const gradient = saliency(preference(net))(x); // [state, 4]
  const values = await gradient.data();
  x.dispose();
  gradient.dispose();
  return away.map((row, i) => Float32Array.from(row, (v, k) => v * (values[4 * i + k] ?? 0)));
}

/** The preference over angle (across) and angular velocity (up), `side × side`, the cart as it is now. */
export async function valueMap(
  net: QNetwork,
  [position = 0, velocity = 0]: readonly number[],
  side: number,
  [angles, speeds]: readonly [number, number],
): Promise<Float32Array> {
  const states = Array.from({ length: side * side }, (_, i) => {
    const across = (2 * ((i % side) + 0.5)) / side - 1;
    const up = 1 - (2 * (Math.floor(i / side) + 0.5)) / side;
    return [position, velocity, angles * across, speeds * up];
  });
  return Float32Array.from(await valuesOf(net, states), ([left = 0, right = 0]) => right - left);
}
