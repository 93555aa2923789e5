import { yieldToEventLoop } from "@pellucid/core-train";
import type { JointProbabilities } from "./joint-probabilities.ts";
import { RepulsionTree } from "./repulsion-tree.ts";
import { scheduleAt, type TsneDescent } from "./tsne-descent.ts";

/**
 * Steps of t-SNE in JavaScript, with repulsion by a tree.
 *
 * @returns `Z`
 */
export async function descendByTree(descent: TsneDescent, theta: number): Promise<number> {
  const { p, y, dimensions, steps, learningRate, signal, onStep } = descent;
  const tree = new RepulsionTree(y.length / dimensions, dimensions);
  const [gradient, speed] = [new Float64Array(y.length), new Float64Array(y.length)];
  const gains = new Float64Array(y.length);
  for (let step = 0; step < steps; step++) {
    signal?.throwIfAborted();
    const { exaggeration, momentum, isFresh } = scheduleAt(descent, step);
    tsneGradient({ p, y, tree, dimensions, theta, exaggeration }, gradient);
    if (isFresh) {
      speed.fill(0);
      gains.fill(1);
    }
    for (let i = 0; i < y.length; i++) {
      const [g, v] = [gradient[i] as number, speed[i] as number];
      const gain = Math.max(0.01, g * v < 0 ? (gains[i] as number) + 0.2 : (gains[i] as number) * 0.8);
      const next = momentum * v - learningRate * gain * g;
      gains[i] = gain;
      speed[i] = next;
      y[i] = (y[i] as number) + next;
    }
    onStep?.(step, y);
    await yieldToEventLoop();
  }
  tree.build(y);
  return tree.repel(y, new Float64Array(y.length), theta);
}

/** What the gradient is of. */
export interface TsneState {
  readonly p: JointProbabilities;
  /** `[example · dimension]` */
  readonly y: Float64Array;
  readonly tree: RepulsionTree;
  readonly dimensions: number;
  readonly theta: number;
  /** What neighbours attract more by. */
  readonly exaggeration: number;
}

/** `∂KL / ∂y_i = 4 Σ_j (p_ij − q_ij) (y_i − y_j) / (1 + ‖y_i − y_j‖²)`, into `gradient`. */
export function tsneGradient(
  { p, y, tree, dimensions, theta, exaggeration }: TsneState,
  gradient: Float64Array,
): void {
  gradient.fill(0);
  tree.build(y);
  const factor = -4 / tree.repel(y, gradient, theta);
  for (let i = 0; i < gradient.length; i++) gradient[i] = (gradient[i] as number) * factor;
  if (dimensions === 2) attract2d(p, y, gradient, 4 * exaggeration);
  else attract3d(p, y, gradient, 4 * exaggeration);
}

function attract2d(
  { starts, columns, values }: JointProbabilities,
  y: Float64Array,
  gradient: Float64Array,
  factor: number,
): void {
  for (let i = 0; i + 1 < starts.length; i++) {
    const x0 = y[2 * i] as number;
    const x1 = y[2 * i + 1] as number;
    let f0 = 0;
    let f1 = 0;
    const end = starts[i + 1] as number;
    for (let e = starts[i] as number; e < end; e++) {
      const j = 2 * (columns[e] as number);
      const a = x0 - (y[j] as number);
      const b = x1 - (y[j + 1] as number);
      const pull = (values[e] as number) / (1 + a * a + b * b);
      f0 += pull * a;
      f1 += pull * b;
    }
    gradient[2 * i] = (gradient[2 * i] as number) + factor * f0;
    gradient[2 * i + 1] = (gradient[2 * i + 1] as number) + factor * f1;
  }
}

function attract3d(
  { starts, columns, values }: JointProbabilities,
  y: Float64Array,
  gradient: Float64Array,
  factor: number,
): void {
  for (let i = 0; i + 1 < starts.length; i++) {
    for (let e = starts[i] as number; e < (starts[i + 1] as number); e++) {
      const j = 3 * (columns[e] as number);
      const a = (y[3 * i] as number) - (y[j] as number);
      const b = (y[3 * i + 1] as number) - (y[j + 1] as number);
      const c = (y[3 * i + 2] as number) - (y[j + 2] as number);
      const pull = (factor * (values[e] as number)) / (1 + a * a + b * b + c * c);
      gradient[3 * i] = (gradient[3 * i] as number) + pull * a;
      gradient[3 * i + 1] = (gradient[3 * i + 1] as number) + pull * b;
      gradient[3 * i + 2] = (gradient[3 * i + 2] as number) + pull * c;
    }
  }
}
