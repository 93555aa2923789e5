// RNN, GRU and LSTM against PyTorch's in 64 bits, with initial weights and dropout from the same seeds; with kernels and without.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  encodeSafetensors,
  GRU,
  loadWeights,
  LSTM,
  Optimizer,
  permute,
  Rng,
  RNN,
  saveWeights,
  torchStateOf,
  trainable,
  training,
  trainStep,
  valueAndGradients,
  withoutInit,
} from "@pellucid/core-train";
import { drawsOf, fixture, hashedTensor } from "@pellucid/testing";
import {
  add,
  grads,
  mean,
  mul,
  type Scalar,
  square,
  sum,
  type Tensor,
  type Tensor3D,
  transpose,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Case {
  readonly kind: "LSTM" | "GRU" | "RNN";
  readonly seed: number;
  readonly hidden: number;
  readonly options: {
    num_layers?: number;
    bias?: boolean;
    bidirectional?: boolean;
    proj_size?: number;
    dropout?: number;
    nonlinearity?: "relu";
  };
  readonly lengths?: number[];
  readonly dropped?: number;
  readonly y: number[];
  readonly last: Record<"h" | "c", number[]>;
  readonly input: number[];
  readonly first?: Record<"h" | "c", number[]>;
  readonly gradients: Record<string, number[]>;
  readonly losses?: number[];
}

const { cases } = fixture<{ cases: Record<string, Case> }>(import.meta.url, "../../fixtures/torch/rnn.json");

type State = Readonly<Record<"h" | "c", Tensor3D>>;

function make({ kind, seed, hidden, options }: Case) {
  const rng = new Rng(seed);
  const { num_layers: numLayers = 1, proj_size: projSize = 0, nonlinearity = "tanh", ...more } = options;
  if (kind === "LSTM") return new LSTM(3, hidden, { rng, numLayers, projSize, ...more });
  if (kind === "GRU") return new GRU(3, hidden, { rng, numLayers, ...more });
  return new RNN(3, hidden, { rng, numLayers, nonlinearity, ...more });
}
type Net = ReturnType<typeof make>;

const input = () => hashedTensor<Tensor3D>([3, 5, 3], 1, (u) => 4 * u);

/** One step over a padded batch. */
function read(net: Net, wanted: Case, x: Tensor3D, first?: State) {
  if (wanted.dropped !== undefined) net.rng.restore(new Rng(wanted.dropped).state());
  const options = wanted.lengths === undefined ? {} : { lengths: wanted.lengths };
  const { output, state } = training(net, () => net.step(x, first, options));
  return { y: output, state: state as Partial<State> & { h: Tensor3D } };
}

const weighed = (x: Tensor, k: number): Tensor => sum(mul(x, hashedTensor(x.shape, k)));

/** Rounding of 32 bits in sums of a dozen products, over five time steps: some 100 ulps. */
const close = { rtol: 1e-5, atol: 4e-6 };

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  test.for(Object.entries(cases))("%s gives PyTorch's outputs, states and gradients", async ([, wanted]) => {
    const net = make(wanted);
    const names = Object.keys(net.stateSizes) as ("h" | "c")[];
    const first = Object.fromEntries(
      names.map((name, i) => {
        const shape: [number, number, number] = [
          net.directions.length,
          3,
          (net.stateSizes as Record<string, number>)[name] as number,
        ];
        return [name, hashedTensor<Tensor3D>(shape, 2 + i)];
      }),
    ) as State;
    const start = wanted.first === undefined ? undefined : first;

    const { y, state } = read(net, wanted, input(), start);
    expect(y).toBeAllclose(wanted.y, close);
    for (const name of names) expect(state[name] as Tensor, name).toBeAllclose(wanted.last[name], close);

    const loss = (x: Tensor3D, from?: State): Scalar => {
      const step = read(net, wanted, x, from);
      const parts = [
        weighed(step.y, 5),
        ...names.map((name, i) => weighed(step.state[name] as Tensor, 6 + i)),
      ];
      return parts.reduce((total, part) => add(total, part)) as Scalar;
    };
    const given = wanted.first === undefined ? [] : names.map((name) => first[name]);
    const atInputs = grads((...[x, h, c]: Tensor[]) => loss(x as Tensor3D, start && ({ h, c } as State)))([
      input(),
      ...given,
    ]);
    expect(atInputs[0] as Tensor).toBeAllclose(wanted.input, close);
    if (wanted.first !== undefined)
      for (const [i, name] of names.entries())
        expect(atInputs[i + 1] as Tensor, name).toBeAllclose(wanted.first[name], close);

    const { gradients } = valueAndGradients(trainable(net), () => loss(input(), start));
    const state0 = await torchStateOf(net);
    expect(Object.keys(state0)).toEqual(Object.keys(wanted.gradients));
    for (const [path, gradient] of Object.entries(gradients)) {
      const [, at, field] = path.split(".") as [string, string, string];
      const layer = Math.floor(Number(at) / (net.bidirectional ? 2 : 1));
      const side = net.bidirectional && Number(at) % 2 === 1 ? "_reverse" : "";
      const name = `${field.replace(/[IH][hr]$/, (end) => `_${end.toLowerCase()}`)}_l${layer}${side}`;
      const theirs = gradient.rank === 2 ? transpose(gradient) : gradient;
      expect(theirs, name).toBeAllclose(wanted.gradients[name] as number[], close);
    }
  });

  test.for(Object.entries(cases).filter(([, { losses }]) => losses !== undefined))(
    "%s loses what PyTorch's loses in ten steps of Adam",
    async ([, wanted]) => {
      const net = make(wanted);
      const shape = (name: "h" | "c", k: number) =>
        hashedTensor<Tensor3D>(
          [net.directions.length, 3, (net.stateSizes as Record<string, number>)[name] ?? 1],
          k,
        );
      const start = wanted.first === undefined ? undefined : { h: shape("h", 2), c: shape("c", 3) };
      const optimizer = new Optimizer(adam({ learningRate: 1e-2 }), trainable(net));
      const losses: number[] = [];
      for (let step = 0; step < 10; step++)
        losses.push(
          await trainStep(net, optimizer, () => mean(square(read(net, wanted, input(), start).y)) as Scalar),
        );
      expect(losses).toBeAllclose(wanted.losses as number[], { rtol: 1e-5, atol: 0 });
    },
  );

  test.for(Object.entries(cases))("%s leaves nothing but its outputs", ([, wanted]) => {
    const net = make(wanted);
    const x = input();
    expect(() => net.forward(x).dispose()).toLeakNothing();
  });
});

test.for(Object.entries(cases))("%s draws nothing within withoutInit", ([, wanted]) => {
  expect(drawsOf(() => withoutInit(() => make(wanted)).dispose())).toEqual([]);
});

test("what is saved is PyTorch's state dict, and loads again", async () => {
  const net = make(cases["an LSTM that projects, in both directions, padded, from a state"] as Case);
  const state = await torchStateOf(net);
  expect(Object.keys(state).slice(0, 5)).toEqual([
    "weight_ih_l0",
    "weight_hh_l0",
    "bias_ih_l0",
    "bias_hh_l0",
    "weight_hr_l0",
  ]);
  expect(state["weight_ih_l1_reverse"]?.shape).toEqual([16, 4]); // four gates; what two directions project to
  const halved = Object.fromEntries(
    Object.entries(state).map(([name, { data, shape }]) => [
      name,
      { data: Float32Array.from(data as Float32Array, (x) => x / 2), shape },
    ]),
  );
  loadWeights(net, encodeSafetensors(halved));
  const first = state["weight_hh_l0"] as { data: Float32Array; shape: number[] };
  expect(mul(net.directions[0]?.weightHh as Tensor, 2)).toBeAllclose([...permute(first, [1, 0]).data], {
    rtol: 0,
    atol: 0,
  });
  loadWeights(net, await saveWeights(net));
});
