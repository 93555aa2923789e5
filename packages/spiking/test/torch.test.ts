// The numbers of snntorch's rules in PyTorch: spikes, membranes and gradients of every neuron, spike codes, losses, accuracies, and ten training steps.
import { type BackendName, useBackend } from "@pellucid/backends";
import {
  adam,
  encodeSafetensors,
  gradient,
  Linear,
  loadWeights,
  Optimizer,
  Rng,
  torchStateOf,
  trainable,
  trainStep,
  valueAndGradients,
  withoutInit,
} from "@pellucid/core-train";
import * as spiking from "@pellucid/spiking";
import { fixture } from "@pellucid/testing";
import {
  add,
  cos,
  mul,
  range,
  reshape,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tensor2d,
  transpose,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface NeuronCase {
  readonly name: string;
  readonly x: number[];
  readonly spikes: number[];
  readonly membranes: number[];
  readonly gradX: number[];
  readonly gradients: Readonly<Record<string, number[]>>;
  readonly state?: Readonly<Record<string, number[]>>;
}

const torch = fixture<{
  neurons: NeuronCase[];
  convolved: { x: number[]; spikes: number[]; membranes: number[] };
  codes: {
    rate: number[];
    rateOverTime: number[];
    latency: { steps: number; options: spiking.LatencyOptions & { start?: number }; spikes: number[] }[];
  };
  losses: Readonly<Record<string, number[]>>;
  training: { x: number[]; y: number[]; losses: number[] };
}>(import.meta.url, "../fixtures/torch/spiking.json");

const within = { rtol: 1e-5, atol: 1e-5 };

/** The neurons of a case, and how much its input is scaled first. */
function neuronsOf(name: string): readonly [spiking.SpikingNeuron<{ readonly mem: Tensor }>, number] {
  const resetMechanism = name.split(" ")[1] as spiking.ResetMechanism;
  const [kind] = name.split(" ");
  const rng = new Rng(3);
  switch (kind) {
    case "leaky":
      if (name.endsWith("without delay"))
        return [
          new spiking.Leaky(3, {
            beta: 0.7,
            resetMechanism,
            resetDelay: false,
            learnBeta: true,
            gradedSpikesFactor: 1.5,
            learnGradedSpikesFactor: true,
          }),
          1,
        ];
      return [
        new spiking.Leaky(3, {
          beta: [0.9, 0.5, 1.2],
          threshold: 0.8,
          resetMechanism,
          learnBeta: true,
          learnThreshold: true,
        }),
        1,
      ];
    case "synaptic":
      return [
        new spiking.Synaptic(3, { alpha: 0.6, beta: 0.8, resetMechanism, learnAlpha: true, learnBeta: true }),
        1,
      ];
    case "alpha":
      return [
        new spiking.Alpha(3, { alpha: 0.9, beta: 0.8, resetMechanism, learnAlpha: true, learnBeta: true }),
        2,
      ];
    case "lapicque":
      return [new spiking.Lapicque(3, { r: 5, c: 2, resetMechanism }), 3];
    case "rleaky":
      return [new spiking.RLeaky(3, { rng, beta: 0.9, resetMechanism }), 1];
    default:
      return [
        new spiking.RSynaptic(3, {
          rng,
          alpha: 0.5,
          beta: 0.8,
          resetMechanism,
          allToAll: false,
          v: [0.5, -0.2, 0.9],
        }),
        1,
      ];
  }
}

const path: Readonly<Record<string, string>> = {
  beta: "beta",
  alpha: "alpha",
  threshold: "threshold",
  graded_spikes_factor: "gradedSpikesFactor",
  weight: "recurrent.weight",
  bias: "recurrent.bias",
  V: "v",
};

const data = () =>
  tensor2d([
    [0.02, 0.5, 1],
    [0.3, 0.005, 0.9],
  ]);
const backends: readonly BackendName[] = ["cpu", "wasm"];

describe.each(backends)("on %s", (only) => {
  beforeAll(async () => {
    await useBackend({ only });
  });

  test.for(torch.neurons)("$name: spikes, membranes and gradients; at once, and step by step", (wanted) => {
    const [layer, scale] = neuronsOf(wanted.name);
    const raw = tensor(wanted.x, [2, 12, 3]);
    const x = mul(raw, scale);
    const { spikes, membranes, state } = layer.record(x);
    expect(spikes).toBeAllclose(wanted.spikes, within);
    expect(membranes).toBeAllclose(wanted.membranes, within);
    const weighted = (u: Tensor) => {
      const record = layer.record(mul(u, scale));
      const weights = reshape(cos(range(0, 72)), [2, 12, 3]);
      return sum(mul(weights, add(record.spikes, mul(0.5, record.membranes))));
    };
    expect(gradient(weighted)(raw)).toBeAllclose(wanted.gradX, { rtol: 1e-4, atol: 1e-4 });
    const learned = trainable(layer);
    if (Object.keys(learned).length > 0) {
      const { gradients } = valueAndGradients(learned, () => weighted(raw));
      for (const [name, values] of Object.entries(wanted.gradients)) {
        const found = gradients[path[name] as string] as Tensor;
        const asTorch = name === "weight" ? transpose(found) : found;
        // that of α and β of Alpha goes through log β − log α, which cancels
        const size = Math.max(1, ...values.map(Math.abs));
        expect(asTorch, name).toBeAllclose(values, {
          rtol: 0,
          atol: (wanted.name.startsWith("alpha") ? 1e-4 : 2e-5) * size,
        });
      }
    }
    let now = layer.initialState(2);
    const perStep = Array.from({ length: 12 }, (_, t) => {
      const step = layer.step(timeStep(x, t), now);
      now = step.state;
      return step.output.dataSync();
    });
    const wantedSteps = perStep.map((_, t) =>
      [0, 1].flatMap((b) => wanted.spikes.slice((b * 12 + t) * 3, (b * 12 + t + 1) * 3)),
    );
    expect(perStep.flatMap((values) => [...values])).toBeAllclose(wantedSteps.flat(), within);
    expect(now.mem).toBeAllclose(state.mem, within);
  });

  test("recurrent neurons of images: a convolution carries the spikes back", () => {
    const layer = new spiking.RLeaky([4, 4, 2], { rng: new Rng(5), beta: 0.9, kernelSize: 3 });
    const { x, spikes, membranes } = torch.convolved;
    const found = layer.record(tensor(x, [2, 5, 4, 4, 2]));
    expect(found.spikes).toBeAllclose(spikes, within);
    expect(found.membranes).toBeAllclose(membranes, within);
  });

  test("codes: rates with PyTorch's draws, latencies, changes", () => {
    const found = spiking.rate(data(), 6, { rng: new Rng(11), gain: 0.8, offset: 0.1 });
    expect(found).toBeAllclose(torch.codes.rate, { rtol: 0, atol: 0 });
    const x = data();
    const overTime = transpose(
      tensor(
        [x, mul(x, 1 / 2), mul(x, 1 / 3)].flatMap((u) => [...u.dataSync()]),
        [3, 2, 3],
      ),
      [1, 0, 2],
    );
    expect(spiking.rateOverTime(overTime, { rng: new Rng(12) })).toBeAllclose(torch.codes.rateOverTime, {
      rtol: 0,
      atol: 0,
    });
    for (const { steps, options, spikes } of torch.codes.latency) {
      const { start, ...others } = options;
      const given = start === undefined ? others : { ...others, firstSpikeTime: start };
      expect(spiking.latency(data(), steps, given), JSON.stringify(options)).toBeAllclose(spikes, {
        rtol: 0,
        atol: 0,
      });
    }
    const up = tensor([1, 2, 2.9, 3, 3.9], [1, 5]);
    const both = tensor([1, 2, 0, 2, 2.9], [1, 5]); // these results are those that snntorch documents
    expect(spiking.delta(up, { threshold: 1 })).toBeAllclose([1, 1, 0, 0, 0]);
    expect(spiking.delta(both, { threshold: 1, offSpike: true })).toBeAllclose([1, 1, -1, 1, 0]);
    expect(spiking.delta(both, { threshold: 1, padding: true, offSpike: true })).toBeAllclose([
      0, 1, -1, 1, 0,
    ]);
  });

  test("losses and accuracies", async () => {
    const { losses } = torch;
    const spikes = tensor(losses["spikes"] as number[], [4, 7, 6]);
    const membranes = tensor(losses["membranes"] as number[], [4, 7, 6]);
    const labels = tensor1d(losses["labels"] as number[], "int32");
    const small = tensor1d(losses["small"] as number[], "int32");
    const rates = { correctRate: 0.8, incorrectRate: 0.2 };
    const found: Readonly<Record<string, Tensor>> = {
      ceRate: spiking.ceRateLoss(spikes, labels),
      ceCount: spiking.ceCountLoss(spikes, labels),
      ceCountPopulation: spiking.ceCountLoss(spikes, small, { numClasses: 3 }),
      ceMaxMembrane: spiking.ceMaxMembraneLoss(membranes, labels),
      mseCount: spiking.mseCountLoss(spikes, labels, rates),
      mseCountPopulation: spiking.mseCountLoss(spikes, small, { ...rates, numClasses: 3 }),
      mseMembrane: spiking.mseMembraneLoss(membranes, labels, { onTarget: 1.2, offTarget: 0.1 }),
      ceTemporal: spiking.ceTemporalLoss(spikes, labels),
      ceTemporalReciprocal: spiking.ceTemporalLoss(spikes, labels, { inverse: "reciprocal" }),
      mseTemporal: spiking.mseTemporalLoss(spikes, labels),
      mseTemporalTolerance: spiking.mseTemporalLoss(spikes, labels, { tolerance: 2 }),
    };
    for (const [name, loss] of Object.entries(found))
      expect(loss, name).toBeAllclose([losses[name]].flat() as number[], { rtol: 1e-6, atol: 1e-6 });
    expect([await spiking.accuracyRate(spikes, labels)]).toBeAllclose(
      [losses["accuracyRate"]].flat() as number[],
    );
    expect([await spiking.accuracyTemporal(spikes, labels)]).toBeAllclose(
      [losses["accuracyTemporal"]].flat() as number[],
    );
  });

  test("the gradient of a first spike time is −1 at that time step, and nowhere else", () => {
    const spikes = tensor([0, 1, 1, 0, 0, 0], [2, 3, 1]);
    expect(spiking.firstSpikeTimes(spikes)).toBeAllclose([1, 2]);
    expect(gradient(spiking.firstSpikeTimes)(spikes)).toBeAllclose([0, -1, 0, 0, 0, -1]);
  });

  test("ten training steps have PyTorch's losses", async () => {
    const { x: values, y, losses } = torch.training;
    const rng = new Rng(4);
    const net = new spiking.SpikingSequential(
      new Linear(4, 6, { rng }),
      new spiking.Leaky(6, { beta: 0.9 }),
      new Linear(6, 3, { rng }),
      new spiking.Leaky(3, { beta: 0.9 }),
    );
    const [x, labels] = [tensor(values, [5, 8, 4]), tensor1d(y, "int32")];
    const optimizer = new Optimizer(adam({ learningRate: 5e-2 }), trainable(net));
    for (const [i, wanted] of losses.entries()) {
      const loss = await trainStep(net, optimizer, () => spiking.ceCountLoss(net.forward(x), labels));
      expect([loss], `step ${i}`).toBeAllclose([wanted], { rtol: 1e-4, atol: 1e-4 });
    }
  });
});

/** `[batch, time, neuron]` → `[batch, neuron]` */
function timeStep(x: Tensor, t: number): Tensor {
  const [batch = 0, time = 0, neurons = 0] = x.shape;
  const values = x.dataSync();
  const at = (b: number) => Array.from(values.slice((b * time + t) * neurons, (b * time + t + 1) * neurons));
  return tensor(Array.from({ length: batch }, (_, b) => at(b)).flat(), [batch, neurons]);
}

test("names are snntorch's, and its files load, also old ones with the membrane", async () => {
  await useBackend({ only: "cpu" });
  const make = (seed: number) =>
    new spiking.SpikingSequential(
      new Linear(2, 3, { rng: new Rng(seed) }),
      new spiking.Synaptic(3, { alpha: 0.5 + seed / 10, beta: 0.8 }),
      new spiking.RLeaky(3, { rng: new Rng(seed), beta: 0.5 }),
      new spiking.RLeaky(3, { rng: new Rng(seed), beta: 0.5, allToAll: false, v: [1, 2, 3] }),
      new spiking.Lapicque(3, { beta: 0.5 }),
    );
  const first = make(1);
  const state = await torchStateOf(first);
  expect(Object.keys(state)).toEqual([
    "0.weight",
    "0.bias",
    "1.threshold",
    "1.graded_spikes_factor",
    "1.reset_mechanism_val",
    "1.beta",
    "1.alpha",
    "2.threshold",
    "2.graded_spikes_factor",
    "2.reset_mechanism_val",
    "2.beta",
    "2.recurrent.weight",
    "2.recurrent.bias",
    "3.threshold",
    "3.graded_spikes_factor",
    "3.reset_mechanism_val",
    "3.beta",
    "3.V",
    "3.recurrent.V",
    "4.threshold",
    "4.graded_spikes_factor",
    "4.reset_mechanism_val",
    "4.beta",
    "4.time_step",
    "4.R",
    "4.C",
  ]);
  const second = withoutInit(() => make(2));
  loadWeights(second, encodeSafetensors({ ...state, "1.mem": { data: Float32Array.of(0), shape: [1] } }));
  const x = tensor(new Rng(0).rand([2, 6, 2]).data, [2, 6, 2]);
  expect(second.forward(x)).toBeAllclose(first.forward(x), { rtol: 0, atol: 0 });
});
