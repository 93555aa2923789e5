import { TemporalConvNet } from "@pellucid/cnn";
import { gradient, type HostTensor, loadWeights, Rng, torchStateOf } from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { mul, sum, type Tensor3D, tensor3d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

interface Fixture {
  readonly state: Record<string, { shape: number[]; data: number[] }>;
  readonly x: number[];
  readonly y: number[];
  readonly w: number[];
  readonly gradient: number[];
}

const torch = fixture<Fixture>(import.meta.url, "../fixtures/torch/tcn.json");
const net = () => new TemporalConvNet(2, [4, 4], { rng: new Rng(0), kernelSize: 3, dropout: 0 });

function loaded(): TemporalConvNet {
  const model = net();
  const state = Object.entries(torch.state).map(([name, { shape, data }]): [string, HostTensor] => [
    name,
    { shape, data: Float32Array.from(data) },
  ]);
  loadWeights(model, Object.fromEntries(state));
  return model;
}

test("agrees with PyTorch, forward and gradient", () => {
  const model = loaded();
  const x = tensor3d(torch.x, [2, 9, 2]);
  expect(model.forward(x)).toBeAllclose(torch.y, { rtol: 1e-5, atol: 1e-6 });
  const weighted = (at: Tensor3D) => sum(mul(model.forward(at), tensor3d(torch.w, [2, 9, 4])));
  expect(gradient(weighted)(x)).toBeAllclose(torch.gradient, { rtol: 1e-5, atol: 1e-6 });
});

test("weight norm is initialized from the drawn filters: norm times direction is the filter", async () => {
  const state = await torchStateOf(net());
  const v = state["network.0.conv1.weight_v"]?.data as Float32Array;
  const g = state["network.0.conv1.weight_g"]?.data as Float32Array;
  expect(Math.hypot(...v.subarray(0, 6))).toBeCloseTo(g[0] as number, 6);
});

test("later inputs do not change earlier outputs", () => {
  const model = net();
  const original = tensor3d(torch.x, [2, 9, 2]);
  const changed = torch.x.map((value, i) => (Math.floor(i / 2) % 9 >= 5 ? value + 1 : value));
  const [a, b] = [model.forward(original), model.forward(tensor3d(changed, [2, 9, 2]))];
  const before = (y: Tensor3D) => [...y.dataSync()].filter((_, i) => Math.floor(i / 4) % 9 < 5);
  expect(before(a)).toEqual(before(b));
  expect([...a.dataSync()]).not.toEqual([...b.dataSync()]);
});

test("depends on the number of time steps of the formula", () => {
  expect(net().lookback).toBe(2 * (3 - 1) * (2 ** 2 - 1));
});

test("leaks no tensors", () => {
  const model = net();
  const x = tensor3d(torch.x, [2, 9, 2]);
  expect(() => model.forward(x)).toLeakNothing();
});

test("files that have each tensor twice load, and those of PyTorch's newer weight norm", async () => {
  const wanted = await torchStateOf(loaded());
  const twice = Object.entries(wanted).flatMap(([name, value]): [string, HostTensor][] => [
    [name, value],
    [name.replace("conv1.", "net.0.").replace("conv2.", "net.4."), value],
  ]);
  const newer = Object.entries(wanted).map(([name, value]): [string, HostTensor] => [
    name
      .replace("weight_g", "parametrizations.weight.original0")
      .replace("weight_v", "parametrizations.weight.original1"),
    value,
  ]);
  for (const entries of [twice, newer]) {
    const model = net();
    loadWeights(model, Object.fromEntries(entries));
    expect(await torchStateOf(model)).toEqual(wanted);
  }
});
