// Constructors with wrong sizes and options: typed errors, and no tensors left.
import { Linear, Module, Rng, withoutInit } from "@pellucid/core-train";
import * as exported from "@pellucid/spiking";
import { checkConstructor, type ModuleClass } from "@pellucid/testing";
import { expect, test } from "vitest";

const rng = new Rng(0);
const neuron = { threshold: 0.8, gradedSpikesFactor: 1.2 };
const rows: readonly [create: ModuleClass, ...args: unknown[]][] = [
  [exported.Leaky, 3, { ...neuron, beta: 0.9 }],
  [exported.Synaptic, [2, 2, 3], { ...neuron, alpha: 0.5, beta: 0.9 }],
  [exported.Alpha, 3, { ...neuron, alpha: 0.9, beta: 0.8 }],
  [exported.Lapicque, 3, { ...neuron, r: 5, c: 2, timeStep: 1 }],
  [exported.RLeaky, 3, { ...neuron, rng, beta: 0.9 }],
  [exported.RSynaptic, [2, 2, 3], { ...neuron, rng, alpha: 0.5, beta: 0.9, kernelSize: 3 }],
  [exported.LeakyParallel, 4, 3, { ...neuron, rng, beta: 0.9, bias: true }],
  [exported.SConv2dLSTM, 2, 3, 3, { ...neuron, rng, size: [4, 4], maxPool: 2 }],
  [exported.SLSTM, 4, 3, { ...neuron, rng, bias: true }],
];

test.each(rows.map(([create, ...args]) => [create.name, create, args] as const))("%s", (_, create, args) => {
  withoutInit(() => checkConstructor(create, args));
});

test("containers take what they are given", () => {
  const layer = new Linear(1, 1, { rng });
  expect(new exported.SpikingSequential(new exported.OverTime(layer)).layers).toHaveLength(1);
  layer.dispose();
});

test("every exported layer has a row", () => {
  const containers: unknown[] = [exported.SpikingNeuron, exported.SpikingSequential, exported.OverTime];
  const classes = Object.values<unknown>(exported).filter(
    (value) =>
      typeof value === "function" && value.prototype instanceof Module && !containers.includes(value),
  );
  const rowed: unknown[] = rows.map(([create]) => create);
  expect(classes.filter((value) => !rowed.includes(value))).toEqual([]);
});
