// The course notes' small nets against the same in PyTorch, from the seed: names, shapes, logits, and ten steps of Adam.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  crossEntropy,
  type HostTensor,
  type Layer,
  type Module,
  Optimizer,
  permute,
  Rng,
  torchStateOf,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { ConvNet, SimpleCnn, SimpleNet } from "@pellucid/cnn";
import { fixture } from "@pellucid/testing";
import { type Tensor2D, tensor1d, tensor4d, type Tensor4D } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

interface Net {
  readonly parameters: Record<string, number[]>;
  readonly f32: number[];
  readonly f64: number[];
  readonly losses: number[];
}
const { nets } = fixture<{ nets: Record<string, Net> }>(import.meta.url, "../fixtures/torch/notes-nets.json");

const made: Readonly<
  Record<string, [(rng: Rng) => Module & Layer<Tensor4D, Tensor2D>, size: number, channels: number]>
> = {
  SimpleNet: [(rng) => new SimpleNet({ rng }), 28, 1],
  SimpleCnn: [(rng) => new SimpleCnn({ rng }), 28, 1],
  ConvNet: [(rng) => new ConvNet({ rng }), 32, 3],
};

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test.for(Object.keys(nets))("%s has PyTorch's initial weights, logits and losses", async (name) => {
  const [make, size, channels] = made[name] as NonNullable<(typeof made)[string]>;
  const wanted = nets[name] as Net;
  const net = make(new Rng(0));
  const shapes = Object.entries(await torchStateOf(net)).map(([key, { shape }]: [string, HostTensor]) => [
    key,
    [...shape],
  ]);
  expect(Object.fromEntries(shapes)).toEqual(wanted.parameters);

  const drawn = permute(new Rng(1).randn([2, channels, size, size]), [0, 2, 3, 1]);
  const x = tensor4d(drawn.data, [2, size, size, channels]);
  const y = tensor1d([3, 7], "int32");
  const logits = net.forward(x);
  expect(logits).toBeAllclose(wanted.f64, { rtol: 0, atol: 1e-6 }); // eight roundings of logits below 1
  logits.dispose();

  const optimizer = new Optimizer(adam({ learningRate: 1e-3 }), trainable(net));
  const losses: number[] = [];
  for (let step = 0; step < 10; step++)
    losses.push(await trainStep(net, optimizer, () => crossEntropy(net.forward(x), y)));
  expect(losses).toBeAllclose(wanted.losses, { rtol: 0, atol: 1e-5 }); // Adam's first steps are the sign of tiny gradients
});
