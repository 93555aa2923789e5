import { intercept, logSoftmax, softmax } from "@pellucid/core-train";
import {
  attentionRollout,
  inputXGradient,
  logitLens,
  tokenAttribution,
  tokenScore,
} from "@pellucid/interpret";
import { attentionMaps, type Gpt } from "@pellucid/transformer";
import { dispose, mul, slice, type Tensor, tensor, tensor2d, tidy } from "@tensorflow/tfjs-core";

/** What a GPT makes of a text. */
export interface Reading {
  /** Of each layer, the weights of each head, `[head, time, time]`. */
  readonly attention: readonly Float32Array[];
  /** Of each layer, the probabilities of the next token if the model ended there, `[time, token]`; the last are its own. */
  readonly lens: readonly Float32Array[];
}

/** Reads a text once, and stores what every layer does. */
export async function read(net: Gpt, ids: ArrayLike<number>): Promise<Reading> {
  const tokens = tensor2d(Int32Array.from(ids), [1, ids.length], "int32");
  const { h, lnF } = net.transformer;
  const maps = Object.values(attentionMaps(net, () => net.forward(tokens))); // each [1, head, time, time]
  const lens = tidy(() =>
    logitLens(
      h,
      (x) => softmax(net.logits(lnF.forward(x))),
      () => net.forward(tokens),
    ),
  ); //                                                                         each [1, time, token]
  const all = async (tensors: readonly Tensor[]) =>
    Promise.all(tensors.map(async (x) => Float32Array.from(await x.data())));
  try {
    return { attention: await all(maps), lens: await all(lens) };
  } finally {
    dispose([tokens, ...maps, ...lens]);
  }
}

/** How sampling reshapes probabilities. */
export interface Sampling {
  /** Logits are divided by it: below 1 sharper, above 1 flatter. */
  readonly temperature: number;
  /** Only this many of the most probable tokens are left. */
  readonly topK: number;
  /** Only the most probable tokens that together have this probability are left. */
  readonly topP: number;
}

/** Temperature first, then top-k, then top-p (Holtzman et al., 2020); what is left is scaled to add up to 1. */
export function reshaped(
  probabilities: ArrayLike<number>,
  { temperature, topK, topP }: Sampling,
): Float32Array {
  const powers = Float32Array.from(probabilities, (p) => p ** (1 / temperature));
  const all = powers.reduce((sum, p) => sum + p, 0);
  const order = Array.from(powers.keys()).toSorted((a, b) => (powers[b] ?? 0) - (powers[a] ?? 0));
  const left = new Float32Array(powers.length);
  let before = 0;
  for (const [rank, i] of order.entries()) {
    if (rank >= topK || (rank > 0 && before >= topP)) break;
    left[i] = (powers[i] ?? 0) / all;
    before += left[i] ?? 0;
  }
  return left.map((p) => p / before);
}

/** Draws a token. `random` is from 0 to 1. */
export function draw(probabilities: ArrayLike<number>, random: number): number {
  let rest = random;
  for (let i = 0; i < probabilities.length; i++) {
    rest -= probabilities[i] ?? 0;
    if (rest < 0) return i;
  }
  return probabilities.length - 1;
}

/** By how much the log-probability of `token` falls when each head of each layer is switched off: the test of what its arcs suggest. */
export async function headEffects(net: Gpt, ids: ArrayLike<number>, token: number): Promise<number[][]> {
  const tokens = tensor2d(Int32Array.from(ids), [1, ids.length], "int32");
  const last = ids.length - 1;
  const score = () => tidy(() => slice(logSoftmax(net.forward(tokens)), [0, last, token], [1, 1, 1]));
  const before = score();
  const effects = await Promise.all(
    net.transformer.h.map(({ attn }) => {
      const { heads } = attn;
      return Promise.all(
        Array.from({ length: heads }, async (_, head) => {
          const others = Array.from({ length: heads }, (__, h) => (h === head ? 0 : 1));
          const without = tidy(() =>
            intercept(attn.attention.weights, (w) => mul(w, tensor(others, [1, heads, 1, 1])), score),
          );
          const [[high = 0], [low = 0]] = [await before.data(), await without.data()];
          without.dispose();
          return high - low;
        }),
      );
    }),
  );
  dispose([tokens, before]);
  return effects;
}

/** Importance of each token for the prediction of `token`, by three methods and a fake. */
export const methods = ["rollout", "gradient", "leaveOneOut", "vowels"] as const;

/** How many random orders a method is compared with. */
export const orders = 19;

/** What a method says, the probability while the most important tokens are blanked, and how many random orders it beats. */
export interface TestedTokens {
  readonly values: Float32Array;
  readonly curve: readonly number[];
  readonly beats: number;
}

/** Explains the prediction of `token` after a text, and tests each explanation by blanking tokens in its order. `random` is from 0 to 1. */
export async function explainTokens(
  net: Gpt,
  ids: ArrayLike<number>,
  token: number,
  {
    blank,
    isVowel,
    random,
  }: { readonly blank: number; readonly isVowel: (id: number) => boolean; readonly random: () => number },
): Promise<{ readonly tested: readonly TestedTokens[]; readonly random: readonly number[] }> {
  const time = ids.length;
  const tokens = tensor2d(Int32Array.from(ids), [1, time], "int32");
  const take = async (x: Tensor) => {
    const values = Float32Array.from(await x.data());
    x.dispose();
    return values;
  };
  const probabilities = async (texts: readonly (readonly number[])[]): Promise<Float32Array> => {
    const flat = tensor2d(texts.flat(), [texts.length, time], "int32");
    const p = tidy(() => slice(softmax(net.forward(flat)), [0, time - 1, token], [texts.length, 1, 1]));
    flat.dispose();
    return take(p);
  };
  const text = Array.from(ids);
  const [whole = 0] = await probabilities([text]);
  const without = (gone: ReadonlySet<number>) => text.map((id, i) => (gone.has(i) ? blank : id));
  const maps = Object.values(attentionMaps(net, () => net.forward(tokens)));
  const rolled = attentionRollout(maps); //                                     [1, time, time]
  dispose(maps);
  const rollout = (await take(rolled)).slice(time * (time - 1));
  const score = tokenScore(net, token);
  const gradient = await take(await tokenAttribution(score, net.transformer.wte, inputXGradient)(tokens));
  tokens.dispose();
  const left = await probabilities(text.map((_, i) => without(new Set([i]))));
  const found = [
    rollout,
    gradient,
    left.map((p) => whole - p),
    Float32Array.from(text, (id) => (isVowel(id) ? 1 : 0)),
  ];
  const steps = Math.min(12, time - 1);
  const earlier = text.slice(0, -1).map((_, i) => i); // every method ranks the last token first, so it stays
  const ordered = [
    ...found.map((values) => earlier.toSorted((a, b) => (values[b] ?? 0) - (values[a] ?? 0))),
    ...Array.from({ length: orders }, () => {
      const keys = text.map(random);
      return earlier.toSorted((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
    }),
  ];
  const curves: number[][] = [];
  for (const order of ordered) {
    const texts = Array.from({ length: steps + 1 }, (_, s) => without(new Set(order.slice(0, s))));
    curves.push(Array.from(await probabilities(texts)));
  }
  const areas = curves.map((curve) => curve.reduce((sum, p) => sum + p, 0));
  const randomCurves = curves.slice(found.length);
  return {
    tested: found.map((values, i) => ({
      values,
      curve: curves[i] ?? [],
      beats: areas.slice(found.length).filter((area) => (areas[i] ?? 0) < area).length,
    })),
    random: Array.from(
      { length: steps + 1 },
      (_, s) => randomCurves.reduce((sum, curve) => sum + (curve[s] ?? 0), 0) / orders,
    ),
  };
}
