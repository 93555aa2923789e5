import { Lbfgs, mseLoss, Rng, strongWolfe, trainable } from "@pellucid/core-train";
import {
  edgeActivations,
  fitSymbolic,
  KAN,
  type SymbolicName,
  symbolicFormula,
  symbolicFunctions,
} from "@pellucid/kan";
import { dispose, reshape, slice, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";

/** The functions that are hidden in the data: two numbers go in, each through a curve of its own. */
export const hidden = [
  (x: number, y: number) => Math.exp(Math.sin(Math.PI * x) + y ** 2),
  (x: number, y: number) => Math.exp(-2 * (x ** 2 + y ** 2)),
] as const;

/** What an edge may be locked to. */
export const choices = ["x", "x^2", "x^3", "sin", "exp", "tanh"] as const satisfies SymbolicName[];

/** The edges of the network: layer, from, to. */
export const edges = [
  [0, 0, 0],
  [0, 1, 0],
  [1, 0, 0],
] as const;

/** Points of a square of this half width, and what the function gives there. */
export function pointsOf(target: number, count: number, reach: number, seed: number): [Tensor2D, Tensor2D] {
  const { data } = new Rng(seed).uniform([count, 2], -reach, reach);
  const f = hidden[target] ?? hidden[0];
  const values = Float32Array.from({ length: count }, (_, i) => f(data[2 * i] ?? 0, data[2 * i + 1] ?? 0));
  return [tensor2d(data, [count, 2]), tensor2d(values, [count, 1])];
}

/** A network with a learned curve on each of its three edges. */
export const untrained = () => new KAN([2, 1, 1], { rng: new Rng(6), grid: 5 });

/** Some steps of L-BFGS on all that is left to learn. */
export async function train(model: KAN, x: Tensor2D, y: Tensor2D, steps: number): Promise<void> {
  const optimizer = new Lbfgs(trainable(model), { lineSearch: strongWolfe, historySize: 10 });
  for (let step = 0; step < steps; step++) await optimizer.step(() => mseLoss(model.forward(x), y));
}

/** What goes into an edge and what comes out of it, in the order of what goes in. */
export interface EdgeCurve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** The curves of all edges at these points. */
export async function curvesOf(model: KAN, x: Tensor2D): Promise<EdgeCurve[]> {
  const layers = edgeActivations(model, x);
  const found: EdgeCurve[] = [];
  for (const [l, i, o] of edges) {
    const layer = layers[l];
    if (layer === undefined) continue;
    const [inputs, values] = tidy(() => [
      reshape(slice(layer.inputs, [0, i], [-1, 1]), [-1]), //        [point]
      reshape(slice(layer.edges, [0, i, o], [-1, 1, 1]), [-1]), //   [point]
    ]);
    const [ins, outs] = [await inputs?.data(), await values?.data()];
    dispose([inputs, values].filter((each) => each !== undefined));
    const order = Array.from(ins ?? [], (_, n) => n).toSorted((a, b) => (ins?.[a] ?? 0) - (ins?.[b] ?? 0));
    found.push({ x: order.map((n) => ins?.[n] ?? 0), y: order.map((n) => outs?.[n] ?? 0) });
  }
  for (const { inputs, edges: sums, splines, subnodes } of layers) dispose([inputs, sums, splines, subnodes]);
  return found;
}

/** A function that is near to a curve: its share of the curve's variance, and its values. */
export interface Near extends EdgeCurve {
  readonly name: (typeof choices)[number];
  readonly r2: number;
}

/** Each function as near to the curve as its four numbers can bring it: `c · f(a · x + b) + d`. */
export const nearTo = (curve: EdgeCurve): Near[] =>
  choices.map((name) => {
    const { affine, r2 } = fitSymbolic(curve.x, curve.y, name);
    const [a, b, c, d] = affine;
    return {
      name,
      r2,
      x: curve.x,
      y: curve.x.map((v) => c * symbolicFunctions[name].value(a * v + b) + d),
    };
  });

/** Locks one edge to the function as it fits the curve best; null gives it its spline back. */
export function lock(model: KAN, edge: number, name: SymbolicName | null, curve: EdgeCurve): void {
  const [l, i, o] = edges[edge] ?? edges[0];
  if (name === null) model.unfixSymbolic(l, i, o);
  else model.fixSymbolic(l, i, o, name, fitSymbolic(curve.x, curve.y, name).affine);
}

/** The share of the variance that a network explains, at most 1. */
export async function explained(model: KAN, x: Tensor2D, y: Tensor2D): Promise<number> {
  const predicted = tidy(() => model.forward(x));
  const [found, right] = [Float64Array.from(await predicted.data()), Float64Array.from(await y.data())];
  predicted.dispose();
  const mean = right.reduce((sum, v) => sum + v, 0) / right.length;
  const rest = right.reduce((sum, v, i) => sum + (v - (found[i] ?? 0)) ** 2, 0);
  return 1 - rest / right.reduce((sum, v) => sum + (v - mean) ** 2, 0);
}

/** The formula of a network whose edges are all locked. */
export async function formulaOf(model: KAN): Promise<string> {
  const [formula] = await symbolicFormula(model, { inputs: ["x", "y"], digits: 3 });
  return (formula?.typescript ?? "").replace(/^.*=> /, "");
}
