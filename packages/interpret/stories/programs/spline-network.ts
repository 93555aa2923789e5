import { Lbfgs, mseLoss, Rng, strongWolfe, trainable } from "@pellucid/core-train";
import { edgeCurves, type EdgeCurve } from "@pellucid/interpret/draw";
import {
  attribute,
  autoSymbolic,
  edgeActivations,
  KAN,
  suggestSymbolic,
  symbolicFormula,
  symbolicFunctions,
} from "@pellucid/kan";
import { dispose, tensor2d, tidy } from "@tensorflow/tfjs-core";
import type { Run } from "./run.ts";

export interface Options {
  /** Nodes of the hidden layer. */
  readonly hidden: number;
  /** Intervals of each spline. */
  readonly grid: number;
  readonly steps: number;
  readonly seed: number;
}

export const options: Options = { hidden: 1, grid: 5, steps: 8, seed: 5 };

/** The functions to choose from, and how much more a near one counts than a simple one. */
const choices = { functions: ["x", "x^2", "sin", "exp"], weightSimple: 0.1 } as const;

export async function program({ hidden, grid, steps, seed }: Options, { signal, onProgress }: Run = {}) {
  const rng = new Rng(seed);
  const { data } = rng.uniform([200, 2], -1, 1);
  const target = (i: number) =>
    Math.exp(Math.sin(Math.PI * (data[2 * i] as number)) + (data[2 * i + 1] as number) ** 2);
  const x = tensor2d(data, [200, 2]);
  const y = tensor2d(
    Float32Array.from({ length: 200 }, (_, i) => target(i)),
    [200, 1],
  );
  const model = new KAN([2, hidden, 1], { rng, grid });
  const error = async () => {
    const loss = tidy(() => mseLoss(model.forward(x), y));
    const [value = NaN] = await loss.data();
    loss.dispose();
    return Math.sqrt(value);
  };
  const fit = async (count: number) => {
    const optimizer = new Lbfgs(trainable(model), { lineSearch: strongWolfe, historySize: 10 });
    for (let step = 0; step < count; step++) {
      signal?.throwIfAborted();
      await optimizer.step(() => mseLoss(model.forward(x), y));
      onProgress?.(step + 1, count);
    }
  };
  try {
    await fit(steps);
    const ofSplines = await error();
    const edges = await curvesOf();
    const picture = edgeCurves(
      { width: [2, hidden, 1], edges, inputs: ["x", "y"] },
      { title: "A function on every edge" },
    );
    await autoSymbolic(model, x, choices);
    await fit(Math.ceil(steps / 4));
    const [formula] = await symbolicFormula(model, { inputs: ["x", "y"], digits: 2 });
    return { pictures: [picture], ofSplines, ofFormula: await error(), formula: formula?.latex ?? "" };
  } finally {
    dispose([x, y]);
    model.dispose();
  }

  /** The curve of every edge, in the order of its inputs, with the function it is nearest to. */
  async function curvesOf(): Promise<EdgeCurve[]> {
    const layers = edgeActivations(model, x);
    const scores = await attribute(model, x);
    const most = Math.max(...scores.edges.flat(2).flatMap((row) => [...row]));
    const found: EdgeCurve[] = [];
    for (const [layer, { inputs, edges: added }] of layers.entries()) {
      const [ins, outs] = [await inputs.data(), await added.data()];
      const [, from, to] = added.shape;
      for (let i = 0; i < from; i++)
        for (let o = 0; o < to; o++) {
          const order = Array.from({ length: 200 }, (_, n) => n).sort(
            (a, b) => (ins[a * from + i] as number) - (ins[b * from + i] as number),
          );
          const xs = order.map((n) => ins[n * from + i] as number);
          const ys = order.map((n) => outs[(n * from + i) * to + o] as number);
          const [best] = await suggestSymbolic(model, layer, i, o, x, choices);
          const [a, b, c, d] = best?.affine ?? [0, 0, 0, 0];
          const value = symbolicFunctions[best?.name ?? "0"].value;
          found.push({
            layer,
            from: i,
            to: o,
            x: xs,
            y: ys,
            strength: (scores.edges[layer]?.[i]?.[o] as number) / most,
            lock: {
              x: xs,
              y: xs.map((u) => c * value(a * u + b) + d),
              says: `${best?.name}, R² ${best?.r2.toFixed(4)}`,
            },
          });
        }
    }
    for (const { inputs, edges, splines, subnodes } of layers) dispose([inputs, edges, splines, subnodes]);
    return found;
  }
}
