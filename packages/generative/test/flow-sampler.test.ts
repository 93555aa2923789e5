// A flow by the contract of samplers: layer by layer, seeded, cancelled without a trace.
import { useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { drawSamples, flowSampler, Glow, Flow, realNvp } from "@pellucid/generative";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

const flow = () => realNvp(2, { rng: new Rng(0), couplings: 3, hiddenSizes: [4] });

test("it has a step per layer, and gives the samples and the density of the flow", async () => {
  const model = flow();
  const sampler = flowSampler(model);
  expect(sampler.steps).toBe(3);
  const times: number[] = [];
  let last: number[] = [];
  for await (const { time, x } of sampler.sample({ shape: [5, 2], rng: new Rng(1) })) {
    times.push(time);
    last = [...(await x.data())];
  }
  expect(times).toEqual([3, 2, 1, 0]);
  const samples = model.sample([5, 2], { rng: new Rng(1) });
  expect(last).toBeAllclose(samples);
  expect(sampler.logProb(samples)).toBeAllclose(model.logProb(samples));
});

test("it draws images through Glow", async () => {
  const glow = new Flow([new Glow(1, { rng: new Rng(0), levels: 1, steps: 1, hiddenChannels: 2 })]);
  const images = await drawSamples(flowSampler(glow), { shape: [2, 4, 4, 1], rng: new Rng(1) });
  expect(images).toHaveShape([2, 4, 4, 1]);
  expect(images).toBeAllclose(glow.sample([2, 4, 4, 1], { rng: new Rng(1) }));
});

test("a sample that is cancelled leaves nothing", async () => {
  const sampler = flowSampler(flow());
  const before = memory().numTensors;
  const stop = new AbortController();
  const draw = async () => {
    for await (const { step } of sampler.sample({ shape: [5, 2], rng: new Rng(1), signal: stop.signal }))
      if (step === 1) stop.abort();
  };
  await expect(draw()).rejects.toThrow();
  expect(memory().numTensors).toBe(before);
});
