import { amax, amin, yieldToEventLoop } from "@pellucid/core-train";
import {
  dispose,
  onesLike,
  reshape,
  slice,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tensor2d,
  type Tensor3D,
  tidy,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { repulsion } from "./repulsion.ts";
import { fieldNodes, fieldWaves, repulsionField } from "./repulsion-field.ts";
import { scheduleAt, type TsneDescent } from "./tsne-descent.ts";
import { sparseProbabilities, sparseGradient, tsneMove } from "./tsne-step.ts";
import { unlessAborted } from "../run/unless-aborted.ts";

/** After so many steps the map's size is read, so that work does not pile up, and the grid grows with it. */
const pace = 8;

/**
 * Steps of t-SNE whose tensors stay on the backend; points are read after each step if `onStep` is given, otherwise at the end.
 *
 * @returns `Z`
 */
export async function descendOnBackend(descent: TsneDescent, by: "exact" | "field"): Promise<number> {
  const { p: probabilities, y, dimensions, steps, learningRate, signal, onStep } = descent;
  const shape: [number, number] = [y.length / dimensions, dimensions];
  const p = sparseProbabilities(probabilities);
  let nodes = fieldNodes(0);
  let waves = fieldWaves(nodes);
  let state = tidy(() => fresh(tensor2d(Float32Array.from(y), shape)));
  const push = (points: Tensor2D) => (by === "exact" ? repulsion(points) : repulsionField(points, waves));
  try {
    for (let step = 0; step < steps; step++) {
      signal?.throwIfAborted();
      const { exaggeration, momentum, isFresh } = scheduleAt(descent, step);
      state = replaced(state, () => {
        const points = pointsOf(state);
        const gradient = sparseGradient(points, push(points), p, exaggeration);
        return tsneMove(isFresh ? fresh(points) : state, gradient, { learningRate, momentum });
      });
      if (onStep !== undefined) y.set(await read(() => pointsOf(state), signal));
      if (step % pace === pace - 1) {
        const extents = await read(() => sub(amax(pointsOf(state), 0), amin(pointsOf(state), 0)), signal);
        const wanted = fieldNodes(Math.max(...extents));
        if (by === "field" && wanted > nodes) {
          waves.dispose();
          waves = fieldWaves((nodes = wanted));
        }
      }
      onStep?.(step, y);
      await yieldToEventLoop();
    }
    y.set(await read(() => pointsOf(state), signal));
    const [z = NaN] = await read(
      () => sum(slice(push(pointsOf(state)), [0, dimensions], [shape[0], 1])),
      signal,
    );
    return z;
  } finally {
    dispose([state, waves, p.starts, p.columns, p.values]);
  }
}

const pointsOf = (state: Tensor3D): Tensor2D => {
  const [, examples, dimensions] = state.shape;
  return reshape(slice(state, [0, 0, 0], [1, examples, dimensions]), [examples, dimensions]);
};

/** Points that do not move yet. */
const fresh = (points: Tensor2D): Tensor3D =>
  stack([points, zerosLike(points), onesLike(points)]) as Tensor3D;

function replaced(old: Tensor3D, by: () => Tensor3D): Tensor3D {
  const next = tidy(by);
  old.dispose();
  return next;
}

/** The numbers of what `make` makes, unless the signal comes first. */
async function read(make: () => Tensor, signal: AbortSignal | undefined): Promise<Float32Array> {
  const x = tidy(make);
  const numbers = x.data<"float32">();
  try {
    return await unlessAborted(numbers, signal);
  } finally {
    x.dispose();
  }
}
