import { intercept, type Layer, logSoftmax } from "@pellucid/core-train";
import { activationPatching, type Score } from "@pellucid/interpret";
import type { Gpt } from "@pellucid/transformer";
import {
  add,
  clone,
  dispose,
  eye,
  keep,
  mul,
  reshape,
  slice,
  sub,
  type Tensor,
  type Tensor2D,
  tensor2d,
  type Tensor3D,
  tidy,
  tile,
} from "@tensorflow/tfjs-core";

type Site = Layer<never, Tensor3D>;

/** Where activations are swapped, from the input to the last layer: what a row of the map is, and whose output. */
export function sitesOf({
  transformer: { drop, h },
}: Gpt): readonly (readonly [name: string, layer: Site])[] {
  return [
    ["input", drop as Site],
    ...h.flatMap((block, i): [string, Site][] => [
      [`attention ${i + 1}`, block.attn],
      [`MLP ${i + 1}`, block.mlp.cProj],
      [`after layer ${i + 1}`, block],
    ]),
  ];
}

/** Two texts of one length, and what was found when activations of one were put into the run of the other. */
export interface Patched {
  /** Log-probabilities of the next token after each text. */
  readonly clean: Float32Array;
  readonly changed: Float32Array;
  /** The token that is most probable after the clean text. */
  readonly answer: number;
  /** The same of the changed text with one activation of the clean one, `[site][time]`. */
  readonly patched: readonly (readonly Float32Array[])[];
  /** How much of the lost log-probability each cell restores: 1 for all, 0 for nothing. `[site][time]` */
  readonly restored: readonly (readonly number[])[];
  /** How much log-probability the clean text loses by one activation of the changed one. `[site][time]` */
  readonly lost: readonly (readonly number[])[];
  /** How large each activation of the clean text is. `[site][time]` */
  readonly sizes: readonly (readonly number[])[];
}

/** Patches every cell in both directions: for each site one run, in which example `t` is patched at position `t`. */
export async function patchAll(
  net: Gpt,
  clean: ArrayLike<number>,
  changed: ArrayLike<number>,
): Promise<Patched> {
  const [before, after] = [await lookAt(net, clean), await lookAt(net, changed)];
  const answer = before.next.indexOf(Math.max(...before.next));
  const high = before.next[answer] ?? 0;
  const low = after.next[answer] ?? 0;
  const [patched, back]: [Float32Array[][], Float32Array[][]] = [[], []];
  for (const [i, [, site]] of sitesOf(net).entries()) {
    patched.push(await withCells(net, changed, site, before.outputs[i]));
    back.push(await withCells(net, clean, site, after.outputs[i]));
  }
  const sizes = await Promise.all(
    before.outputs.map(async (y) => {
      const [values, [, time, width]] = [await y.data(), y.shape];
      return Array.from({ length: time }, (_, t) =>
        Math.hypot(...values.subarray(t * width, (t + 1) * width)),
      );
    }),
  );
  dispose([...before.outputs, ...after.outputs]);
  return {
    clean: before.next,
    changed: after.next,
    answer,
    patched,
    restored: patched.map((row) => row.map((next) => ((next[answer] ?? 0) - low) / (high - low))),
    lost: back.map((row) => row.map((next) => high - (next[answer] ?? 0))),
    sizes,
  };
}

/** What every site returns for a text, to be disposed of, and the log-probabilities after it. */
async function lookAt(net: Gpt, ids: ArrayLike<number>) {
  const tokens = tensor2d(Int32Array.from(ids), [1, ids.length], "int32");
  const outputs: Tensor3D[] = [];
  const look = (sites: readonly (readonly [string, Site])[]): Tensor2D => {
    const [first, ...others] = sites;
    if (first === undefined) return afterLast(net, tokens);
    const at = outputs.push(keep(tidy(() => eye(1) as Tensor as Tensor3D))) - 1;
    const see = (y: Tensor3D) => {
      outputs[at]?.dispose();
      outputs[at] = keep(clone(y));
      return y;
    };
    return intercept(first[1], see, () => look(others));
  };
  const next = tidy(() => look(sitesOf(net)));
  const values = Float32Array.from(await next.data());
  dispose([tokens, next]);
  return { outputs, next: values };
}

/** Log-probabilities after the last token, `[batch, token]`. */
const afterLast = (net: Gpt, tokens: Tensor2D): Tensor2D =>
  tidy(() => {
    const [batch, time] = tokens.shape;
    const last = slice(net.forward(tokens), [0, time - 1, 0], [batch, 1, net.vocabSize]);
    return reshape(logSoftmax(last), [batch, net.vocabSize]);
  });

/** The log-probabilities after a text, once for each position: there, a site gives what it gave for another text. */
async function withCells(
  net: Gpt,
  ids: ArrayLike<number>,
  site: Site,
  donor: Tensor3D | undefined,
): Promise<Float32Array[]> {
  const [time, size] = [ids.length, net.vocabSize];
  const next = tidy(() => {
    const texts = tile(tensor2d(Int32Array.from(ids), [1, time], "int32"), [time, 1]); // [time, time]
    const here = reshape(eye(time), [time, time, 1]);
    const swap = (y: Tensor3D): Tensor3D => add(y, mul(sub(donor ?? y, y), here));
    return intercept(site, swap, () => afterLast(net, texts)); //                       [time, token]
  });
  const values = await next.data();
  next.dispose();
  return Array.from({ length: time }, (_, t) => Float32Array.from(values.subarray(t * size, (t + 1) * size)));
}

/** The same shares of one site by the package's tool, which runs the network once for each position. */
export async function byTool(
  net: Gpt,
  site: Site,
  [clean, changed]: readonly [ArrayLike<number>, ArrayLike<number>],
  answer: number,
): Promise<Float32Array> {
  const [a, b] = [clean, changed].map((ids) => tensor2d(Int32Array.from(ids), [1, ids.length], "int32"));
  if (a === undefined || b === undefined) return new Float32Array();
  const score: Score<Tensor2D> = (tokens) =>
    tidy(() => reshape(slice(afterLast(net, tokens), [0, answer], [-1, 1]), [-1]));
  const shares = activationPatching(score, [site], a, b);
  const values = Float32Array.from(await shares.data());
  dispose([a, b, shares]);
  return values;
}

/** Where a row is largest. */
export const largestAt = (row: readonly number[]): number => row.indexOf(Math.max(...row));

/** Whether the position that a row names is the one without which the clean text loses most: the test of a map in the other direction. */
export const holds = (row: readonly number[], lost: readonly number[]): boolean =>
  largestAt(row) === largestAt(lost) && Math.max(...lost) > 0;
