import { DigitsCnn } from "@pellucid/cnn";
import {
  adam,
  binaryCrossEntropy,
  crossEntropy,
  Flatten,
  type HostTensor,
  type Layer,
  Linear,
  type Module,
  mseLoss,
  Optimizer,
  parseSafetensors,
  ReLU,
  Rng,
  saveWeights,
  Sequential,
  sgd,
  Sigmoid,
  trainable,
  trainStep,
  type Transform,
} from "@pellucid/core-train";
import { diabetes, digits } from "@pellucid/datasets";
import { type Scalar, tensor, type Tensor } from "@tensorflow/tfjs-core";

/** What the twin, `fixtures/torch/examples.py`, found. */
export interface Trained {
  readonly losses: readonly number[];
  /** Of each parameter `Σ w sin(i)` and the norm. */
  readonly weights: readonly (readonly [number, number])[];
}

interface Example {
  readonly make: (rng: Rng) => Module & Layer<never, Tensor>;
  readonly data: () => Promise<{ x: HostTensor; y: HostTensor }>;
  /** Rows of a step. Default: all. */
  readonly size?: number;
  readonly loss: (y: Tensor, target: Tensor) => Scalar;
  readonly optimizer: Transform<unknown>;
}

const rows = (...numbers: number[]): HostTensor => ({
  data: Float32Array.from(numbers),
  shape: [numbers.length, 1],
});

async function digitsInOrder(): Promise<{ x: HostTensor; y: HostTensor }> {
  const { all } = await digits();
  const data = Float32Array.from(all.images.data, (pixel) => pixel / 16);
  return { x: { data, shape: [all.length, 8, 8, 1] }, y: all.labels };
}

/** The examples that descend by gradients, on the backend in use. */
export const examples: Readonly<Record<string, Example>> = {
  "linear regression": {
    make: (rng) => new Linear(1, 1, { rng }),
    data: async () => ({ x: rows(1, 2, 3), y: rows(2, 4, 6) }),
    loss: mseLoss as Example["loss"],
    optimizer: sgd({ learningRate: 0.01 }) as Transform<unknown>,
  },
  "logistic regression": {
    make: (rng) => new Sequential(new Linear(1, 1, { rng }), new Sigmoid()),
    data: async () => ({ x: rows(1, 2, 3), y: rows(0, 0, 1) }),
    loss: binaryCrossEntropy as Example["loss"],
    optimizer: sgd({ learningRate: 0.01 }) as Transform<unknown>,
  },
  "diabetes regression": {
    make: (rng) => new Sequential(new Linear(10, 64, { rng }), new ReLU(), new Linear(64, 1, { rng })),
    data: async () => {
      const { all } = await diabetes();
      const x = {
        data: Float32Array.from(all.features.data, (value) => 20 * value),
        shape: all.features.shape,
      };
      return { x, y: rows(...Array.from(all.targets.data, (value) => (value - 153.74) / 77.95)) };
    },
    size: 32,
    loss: mseLoss as Example["loss"],
    optimizer: adam({ learningRate: 1e-2 }) as Transform<unknown>,
  },
  "digits MLP": {
    make: (rng) =>
      new Sequential(new Flatten(), new Linear(64, 128, { rng }), new ReLU(), new Linear(128, 10, { rng })),
    data: digitsInOrder,
    size: 64,
    loss: crossEntropy as Example["loss"],
    optimizer: adam({ learningRate: 1e-3 }) as Transform<unknown>,
  },
  "digits CNN": {
    make: (rng) => new DigitsCnn({ rng }),
    data: digitsInOrder,
    size: 8,
    loss: crossEntropy as Example["loss"],
    optimizer: adam() as Transform<unknown>,
  },
};

/** Fifty steps from seed 0, with the data in order. */
export async function train({ make, data, size, loss, optimizer: transform }: Example): Promise<Trained> {
  const model = make(new Rng(0));
  const { x, y } = await data();
  const count = x.shape[0] as number;
  const optimizer = new Optimizer(transform, trainable(model));
  const losses: number[] = [];
  for (let step = 0, at = 0; step < 50; step++, at += size ?? 0) {
    if (at + (size ?? count) > count) at = 0;
    const [own, target] = [slice(x, at, size ?? count), slice(y, at, size ?? count)];
    losses.push(await trainStep(model, optimizer, () => loss(model.forward(own as never), target)));
    own.dispose();
    target.dispose();
  }
  const { tensors } = parseSafetensors(await saveWeights(model));
  const byName = Object.entries(tensors).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const weights = byName.map(([, { bytes }]) => {
    const all = Array.from(new Float32Array(bytes.slice().buffer));
    return [all.reduce((sum, n, i) => sum + n * Math.sin(i + 1), 0), Math.hypot(...all)] as const;
  });
  optimizer.dispose();
  model.dispose();
  return { losses, weights };
}

function slice({ data, shape }: HostTensor, at: number, size: number): Tensor {
  const width = data.length / (shape[0] as number);
  const own = data.slice(at * width, (at + size) * width);
  return tensor(own, [size, ...shape.slice(1)], own instanceof Float32Array ? "float32" : "int32");
}
