// A model in training against its PyTorch twin, which fixtures/torch/twin.py describes.
import {
  adam,
  type HostTensor,
  type Module,
  Optimizer,
  Rng,
  torchStateOf,
  trainable,
  training,
  trainStep,
  valueAndGradients,
} from "@pellucid/core-train";
import { expectTorch, sines, type TorchResult } from "@pellucid/testing";
import { clone, dispose, keep, type Tensor, tensor, type Variable, zerosLike } from "@tensorflow/tfjs-core";
import { expect } from "vitest";

export interface TwinCase {
  readonly title: string;
  readonly inputs: readonly { shape: number[]; phase?: number; data?: number[] }[];
  readonly state: Readonly<Record<string, { shape: number[]; data: number[] }>>;
  readonly loss: TorchResult;
  readonly gradients: Readonly<Record<string, TorchResult>>;
  readonly buffers: Readonly<Record<string, TorchResult>>;
  readonly learningRate: number;
  readonly losses: TorchResult;
}

/** A model, and the loss that its twin has. */
export interface Twin<M extends Module = Module> {
  /** Draws from seed 0, and later whatever the loss draws, from seed 1. */
  readonly make: (rng: Rng) => M;
  readonly loss: (model: M, inputs: Tensor[], rng: Rng) => Tensor;
  /** Changes the model once its initial weights are checked. */
  readonly prepare?: (model: M) => void | Promise<void>;
  /** How far initial weights may be from the twin's. Default: 3e-7, the rounding of the last bit. */
  readonly start?: number;
}

export const twin = <M extends Module>(make: (rng: Rng) => M, loss: Twin<M>["loss"]): Twin =>
  ({ make, loss }) as unknown as Twin;

/** A gradient that is 0 but for rounding, as that of a bias before a norm, is as exact as the order of its sum: the fixture's tolerance comes from one order, PyTorch's. */
function cancelling(expected: TorchResult): TorchResult {
  const isZero = expected.data?.every((value) => Math.abs(Number(value)) < 1e-12) === true;
  return isZero ? { ...expected, tolerance: 4 * expected.tolerance } : expected;
}

/** Expects the twin's initial weights, loss, gradients, buffers, and losses of ten steps, or of the first few of them. */
export async function checkTwin(
  c: TwinCase,
  { make, loss, prepare, start: near = 3e-7 }: Twin,
  steps = c.losses.shape[0] as number,
): Promise<void> {
  const rng = new Rng(0);
  const model = make(rng);
  const inputs = c.inputs.map(({ shape, phase, data }) =>
    data === undefined ? sines(shape, phase) : tensor(data, shape, "int32"),
  );
  const seeded = (): Tensor => {
    rng.restore(new Rng(1).state());
    return loss(model, inputs, rng);
  };
  const start = await torchStateOf(model);
  expect(Object.keys(start).toSorted()).toEqual(Object.keys(c.state).toSorted());
  for (const [name, { shape, data }] of Object.entries(c.state)) {
    expect(start[name]?.shape, name).toEqual(shape);
    expect(start[name] ?? [], name).toBeAllclose(data, { rtol: near, atol: near });
  }
  await prepare?.(model);
  expect(() => seeded()).toLeakNothing();
  const { value, gradients } = training(model, () => valueAndGradients(trainable(model), seeded));
  expectTorch(value, c.loss, "loss");
  const after = await torchStateOf(model);
  for (const [name, expected] of Object.entries(c.buffers))
    expectTorch(after[name] as HostTensor, expected, name);
  const first = [...model.namedParameters()].map(([, slot]) => [slot, keep(clone(slot))] as const);
  for (const [path, parameter] of model.namedParameters())
    parameter.assign((gradients[path] ?? zerosLike(parameter)) as Variable);
  const stored = await torchStateOf(model); // the gradients, in PyTorch's names and layouts
  for (const [name, expected] of Object.entries(c.gradients))
    expectTorch(stored[name] as HostTensor, cancelling(expected), `gradient at ${name}`);
  for (const [slot, saved] of first) {
    slot.assign(saved as Variable); // as there, what the first batch set stays
    saved.dispose();
  }
  const optimizer = new Optimizer(adam({ learningRate: c.learningRate }), trainable(model));
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) losses.push(await trainStep(model, optimizer, seeded));
  const wanted = { ...c.losses, shape: [steps], data: (c.losses.data ?? []).slice(0, steps) };
  expectTorch({ data: Float32Array.from(losses), shape: [steps] }, wanted, "losses of the steps");
  optimizer.dispose();
  dispose([value, ...Object.values(gradients), ...inputs]);
  model.dispose();
}
