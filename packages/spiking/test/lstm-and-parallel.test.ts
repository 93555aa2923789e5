// SConv2dLSTM and LeakyParallel have the numbers of snntorch's rules, with PyTorch's Conv2d and RNN in them.
import { type BackendName, useBackend } from "@pellucid/backends";
import {
  gradient,
  OptionError,
  Rng,
  ShapeError,
  torchStateOf,
  trainable,
  valueAndGradients,
} from "@pellucid/core-train";
import { LeakyParallel, type ResetMechanism, SConv2dLSTM } from "@pellucid/spiking";
import { fixture } from "@pellucid/testing";
import {
  add,
  cos,
  mul,
  range,
  reshape,
  type Scalar,
  square,
  sum,
  type Tensor,
  tensor,
  type Tensor3D,
  transpose,
  unstack,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Conv {
  readonly resetMechanism: ResetMechanism;
  readonly pool: "max" | "avg" | null;
  readonly x: number[];
  readonly membranes: number[];
  readonly spikes: number[];
  readonly syn: number[];
  readonly gradX: number[];
  readonly weight: number[];
  readonly bias: number[];
}
interface Parallel {
  readonly beta: number | null;
  readonly dense: boolean;
  readonly learn: boolean;
  readonly x: number[];
  readonly spikes: number[];
  readonly gradX: number[];
  readonly weightIh: number[];
  readonly weightHh: number[] | null;
  readonly biasHh: number[];
  readonly names: string[];
}
const torch = fixture<{ threshold: number; conv: Conv[]; parallel: Parallel[] }>(
  import.meta.url,
  "../fixtures/torch/lstm_and_parallel.json",
);
const within = { rtol: 1e-5, atol: 1e-6 };
const near = { rtol: 1e-4, atol: 2e-5 };
const backends: readonly BackendName[] = ["cpu", "wasm"];

const weighted = (x: Tensor): Tensor => mul(reshape(cos(range(0, x.size)), x.shape), x);

describe.each(backends)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));

  test.for(torch.conv)("a convolutional LSTM agrees, reset: $resetMechanism, pool: $pool", async (wanted) => {
    const { resetMechanism, pool } = wanted;
    const layer = new SConv2dLSTM(2, 3, 3, {
      rng: new Rng(3),
      size: [4, 4],
      threshold: torch.threshold,
      resetMechanism,
      ...(pool === null ? {} : { [`${pool}Pool`]: 2 }),
    });
    const x = tensor(wanted.x, [2, 5, 4, 4, 2]);
    const { spikes, membranes, state } = layer.record(x);
    expect(spikes.shape).toEqual(pool === null ? [2, 5, 4, 4, 3] : [2, 5, 2, 2, 3]);
    expect(await spikes.data()).toEqual(Float32Array.from(wanted.spikes));
    expect(await membranes.data()).toBeAllclose(wanted.membranes, within);
    expect(await state.syn.data()).toBeAllclose(wanted.syn, within);
    const score = (input: Tensor): Tensor => {
      const found = layer.record(input);
      return add(sum(weighted(found.spikes)), sum(square(found.membranes)));
    };
    expect(await gradient(score)(x).data()).toBeAllclose(wanted.gradX, near);
    const { gradients } = valueAndGradients(trainable(layer), () => score(x) as Scalar);
    expect(await transpose(gradients["conv.weight"] as Tensor, [3, 2, 0, 1]).data()).toBeAllclose(
      wanted.weight,
      near,
    );
    expect(await (gradients["conv.bias"] as Tensor).data()).toBeAllclose(wanted.bias, near);
    let now = layer.initialState(2);
    for (const input of unstack(x, 1)) now = layer.step(input, now).state;
    expect(await now.mem.data()).toBeAllclose(await state.mem.data(), within);
    expect(() => layer.forward(x)).toLeakNothing();
  });

  test.for(torch.parallel)(
    "a parallel layer agrees, beta: $beta, dense: $dense, learned: $learn",
    async (wanted) => {
      const { beta, dense, learn } = wanted;
      const layer = new LeakyParallel(4, 3, {
        rng: new Rng(3),
        ...(beta === null ? {} : { beta }),
        learnBeta: learn,
        weightHhEnable: dense,
        threshold: 0.8,
      });
      const x = tensor(wanted.x, [2, 10, 4]) as Tensor3D;
      expect(await layer.forward(x).data()).toEqual(Float32Array.from(wanted.spikes));
      const score = (input: Tensor) => sum(weighted(layer.forward(input as Tensor3D)));
      expect(await gradient(score)(x).data()).toBeAllclose(wanted.gradX, near);
      const { gradients } = valueAndGradients(trainable(layer), () => score(x) as Scalar);
      const found = Object.fromEntries(
        Object.entries(gradients).map(([path, g]) => [path.split(".").at(-1), g]),
      );
      for (const name of ["weightIh", "weightHh", "biasHh"] as const) {
        const given = found[name];
        if (wanted[name] === null) expect(given).toBeUndefined();
        else expect(await transpose(given as Tensor).data()).toBeAllclose(wanted[name], near);
      }
      expect(Object.keys(await torchStateOf(layer))).toEqual(
        expect.arrayContaining(wanted.names.map((name) => `rnn.${name}`)),
      );
      expect(() => layer.forward(x)).toLeakNothing();
    },
  );
});

test("sizes and options are checked, and one beta for each neuron is the diagonal", async () => {
  const rng = new Rng(0);
  expect(() => new SConv2dLSTM(2, 3, 2, { rng, size: [4, 4] })).toThrow(OptionError);
  expect(() => new SConv2dLSTM(2, 3, 3, { rng } as never)).toThrow(/SConv2dLSTM: size is undefined/);
  expect(() => new SConv2dLSTM(2, 3, 3, { rng, size: [4, 4], maxPool: 5 })).toThrow(OptionError);
  expect(() => new LeakyParallel(2, 3, { rng, beta: [1, 2] })).toThrow(OptionError);
  const layer = new LeakyParallel(2, 3, { rng, beta: [0.1, 0.5, 2], bias: false });
  const state = await torchStateOf(layer);
  expect([...(state["rnn.weight_hh_l0"]?.data ?? [])]).toBeAllclose([0.1, 0, 0, 0, 0.5, 0, 0, 0, 1]);
  expect(Object.keys(state)).toEqual([
    "rnn.weight_ih_l0",
    "rnn.weight_hh_l0",
    "beta",
    "threshold",
    "graded_spikes_factor",
  ]);
  expect(() => layer.forward(zeros([2, 5, 3]))).toThrow(ShapeError);
});
