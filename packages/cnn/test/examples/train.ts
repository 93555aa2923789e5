import { parseSafetensors, Rng, saveWeights } from "@pellucid/core-train";
import type { HostTensor } from "@pellucid/core-train";
import { add, tensor, type Tensor } from "@tensorflow/tfjs-core";
import type { Example } from "./examples.ts";

/** The result of fifty steps. */
export interface Trained {
  readonly losses: readonly number[];
  /** `Σ w sin(i)` and the norm of each parameter. */
  readonly weights: readonly (readonly [number, number])[];
}

/** The result of the PyTorch counterpart, `fixtures/torch/examples.py`, in 64 bits. */
export interface Wanted extends Trained {
  /** The error of PyTorch in 32 bits. */
  readonly in32Bits: readonly [losses: number, weights: number];
}

/** The allowed error: a thousandth, or four times that of PyTorch. */
export function tolerances({ in32Bits: [ofLosses, ofWeights] }: Wanted) {
  const within = (error: number, rtol: number) => ({ rtol, atol: Math.max(1e-3, 4 * error) });
  return { losses: within(ofLosses, 0), weights: within(ofWeights, 1e-3) };
}

/** Fifty steps from seed 0, with the data in order. */
export async function train({ make, data, size, loss, penalty, descend }: Example): Promise<Trained> {
  const model = make(new Rng(0));
  const { x, y } = await data();
  const [count = 0] = x.shape;
  const { step: descendBy, dispose } = descend(model);
  const losses: number[] = [];
  for (let step = 0, at = 0; step < 50; step++, at += size ?? 0) {
    if (at + (size ?? count) > count) at = 0;
    const [own, target] = [slice(x, at, size ?? count), slice(y, at, size ?? count)];
    const measured = () => loss(model.forward(own as never), target);
    losses.push(await descendBy(() => (penalty ? add(measured(), penalty(model)) : measured())));
    own.dispose();
    target.dispose();
  }
  const { tensors } = parseSafetensors(await saveWeights(model));
  const byName = Object.entries(tensors).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const weights = byName.map(([, { bytes }]) => {
    const all = Array.from(new Float32Array(bytes.slice().buffer));
    const norm = Math.sqrt(all.reduce((sum, n) => sum + n * n, 0));
    return [all.reduce((sum, n, i) => sum + n * Math.sin(i + 1), 0), norm] as const;
  });
  dispose();
  model.dispose();
  return { losses, weights };
}

function slice({ data, shape }: HostTensor, at: number, size: number): Tensor {
  const width = data.length / (shape[0] ?? 1);
  const own = data.slice(at * width, (at + size) * width);
  return tensor(own, [size, ...shape.slice(1)], own instanceof Float32Array ? "float32" : "int32");
}
