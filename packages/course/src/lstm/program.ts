import { softmax } from "@pellucid/core-train";
import { clone, dispose, slice, type Tensor, tensor2d, tidy } from "@tensorflow/tfjs-core";
import type { NameNet } from "../../../interpret/stories/nets/name-net.ts";

/** What an LSTM does at each letter, `[letter][cell]`, and what it would answer after each, `[letter][country]`. */
export interface Inside {
  readonly i: readonly Float32Array[];
  readonly f: readonly Float32Array[];
  readonly g: readonly Float32Array[];
  readonly o: readonly Float32Array[];
  readonly c: readonly Float32Array[];
  readonly h: readonly Float32Array[];
  readonly predicted: readonly Float32Array[];
}

/** Reads a name letter by letter and stores every gate and state. */
export async function inside(net: NameNet, ids: ArrayLike<number>): Promise<Inside> {
  const tokens = tensor2d(Int32Array.from(ids), [1, ids.length], "int32");
  const found = tidy(() => {
    const [first] = net.lstm.gatesAndStates(net.embedding.forward(tokens)); // each [1, letter, cell]
    if (first === undefined) throw new RangeError("The LSTM has no layers.");
    const { i, f, g, o, c, h } = first;
    return [...[i, f, g, o, c, h].map((x) => clone<Tensor>(x)), softmax(net.readAlong(tokens))];
  });
  const rows = async (x: Tensor): Promise<Float32Array[]> => {
    const values = Float32Array.from(await x.data());
    const size = values.length / ids.length;
    return Array.from({ length: ids.length }, (_, t) => values.slice(t * size, (t + 1) * size));
  };
  const none: Float32Array[] = [];
  const [i = none, f = none, g = none, o = none, c = none, h = none, predicted = none] = await Promise.all(
    found.map(rows),
  );
  dispose([tokens, ...found]);
  return { i, f, g, o, c, h, predicted };
}

/** The cell's next state, computed by hand: `c' = f · c + i · g`, `h' = o · tanh(c')`. */
export function cellByHand(
  { i, f, g, o, c }: Inside,
  letter: number,
  cell: number,
): { readonly kept: number; readonly added: number; readonly c: number; readonly h: number } {
  const at = (rows: readonly Float32Array[], t: number) => rows[t]?.[cell] ?? 0;
  const kept = at(f, letter) * at(c, letter - 1);
  const added = at(i, letter) * at(g, letter);
  const next = kept + added;
  return { kept, added, c: next, h: at(o, letter) * Math.tanh(next) };
}

/**
 * The test of a cell: the probability of `country` after the last letter when this cell alone is set to 0 in the last hidden state. The head is linear, so this is the
 * exact effect of the cell on the logits.
 */
export async function withoutCells(
  net: NameNet,
  { h }: Inside,
  country: number,
  cells: readonly number[],
): Promise<Float32Array> {
  const last = h.at(-1) ?? new Float32Array();
  const rows = cells.map((cell) => Array.from(last, (v, k) => (k === cell ? 0 : v)));
  const probabilities = tidy(() => {
    const states = tensor2d(rows, [rows.length, last.length]);
    return slice(softmax(net.head.forward(states)), [0, country], [rows.length, 1]); // [cell, 1]
  });
  const values = Float32Array.from(await probabilities.data());
  probabilities.dispose();
  return values;
}
