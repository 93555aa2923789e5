// A sampler whose network is compiled draws the same samples to the bit.
import { useBackend } from "@pellucid/backends";
import { compile, Rng } from "@pellucid/core-train";
import {
  cosineSchedule,
  ddim,
  ddpm,
  DiffusionWorld,
  drawSamples,
  GaussianDiffusion,
  guideWithout,
  type Solver,
  Unet,
  type UnetInput,
} from "@pellucid/generative";
import { memory, tensor1d, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(() => useBackend({ only: "wasm" }));

const schedule = cosineSchedule(20);
const small = { dimMults: [1, 2], channels: 1, attnHeads: 1, attnDimHead: 4 } as const;

function compiledUnet(options: object = {}) {
  const net = new Unet(8, { rng: new Rng(0), ...small, ...options });
  const forward = compile((input: UnetInput) => net.forward(input));
  return { net, forward, diffusion: new GaussianDiffusion(net, { schedule }) };
}

test.each<[string, Solver]>([
  ["DDIM", ddim()],
  ["DDPM", ddpm()],
])("%s draws the same with a compiled network, and leaves nothing", async (_, solver) => {
  const { forward, diffusion } = compiledUnet();
  await forward.ready;
  const options = { solver, steps: 8, clip: 1 };
  const draw = (how: object, count: number) =>
    drawSamples(diffusion.sampler({ ...options, ...how }), { shape: [count, 8, 8, 1], rng: new Rng(3) });
  for (const count of [2, 3]) {
    const [wanted, found] = [await draw({}, count), await draw({ forward }, count)];
    expect(found).toBeAllclose(wanted.dataSync(), { atol: 0, rtol: 0 });
    wanted.dispose();
    found.dispose();
  }
  expect(forward.report().replayed).toBe(12); // of each eight, one is met, one recorded
  const before = memory();
  (await draw({ forward }, 2)).dispose();
  expect(memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
  forward.dispose();
});

test("guidance runs it for both of its predictions", async () => {
  const { forward, diffusion } = compiledUnet({ numClasses: 3 });
  await forward.ready;
  const condition = { classes: tensor1d([0, 2], "int32") };
  const none = { classes: tensor1d([-1, -1], "int32") };
  const draw = (run?: typeof forward) => {
    const guidance = guideWithout(diffusion.prediction(none, run), { scale: 2 });
    const how = { solver: ddim(), steps: 6, condition, guidance, ...(run && { forward: run }) };
    return drawSamples(diffusion.sampler(how), { shape: [2, 8, 8, 1], rng: new Rng(3) });
  };
  expect(await draw(forward)).toBeAllclose((await draw()).dataSync(), { atol: 0, rtol: 0 });
  expect(forward.report().replayed).toBe(10);
});

test("a world dreams the same frames with it", async () => {
  const { forward, diffusion } = compiledUnet({ contextChannels: 2, numClasses: 3 });
  await forward.ready;
  const world = new DiffusionWorld(diffusion, { history: 2 });
  const action = tensor1d([1], "int32");
  const dream = async (how: object) => {
    let state = world.initialState(zeros([1, 2, 8, 8, 1]));
    const rng = new Rng(2);
    for (let frame = 0; frame < 3; frame++)
      ({ state } = await world.step(action, state, { solver: ddim(), steps: 4, clip: 1, rng, ...how }));
    return state.frames;
  };
  expect(await dream({ forward })).toBeAllclose((await dream({})).dataSync(), { atol: 0, rtol: 0 });
  expect(forward.report().replayed).toBe(10);
});

test("a wrong forward is named", () => {
  const { diffusion } = compiledUnet();
  expect(() => diffusion.sampler({ forward: 3 as never })).toThrow(/forward is 3/u);
});

test("a forward that gives another shape, a promise or nothing is refused by name", async () => {
  const { net, forward, diffusion } = compiledUnet();
  const draw = (given: unknown) =>
    drawSamples(diffusion.sampler({ steps: 2, forward: given as never }), {
      shape: [2, 8, 8, 1],
      rng: new Rng(3),
    });
  for (const wrong of [() => 3, () => zeros([2]), () => undefined, async () => zeros([2, 8, 8, 1])])
    await expect(draw(wrong)).rejects.toThrow("GaussianDiffusion: what the network gives");
  expect(() => diffusion.prediction({}, "x" as never)).toThrow("GaussianDiffusion.prediction: forward");
  forward.dispose();
  net.dispose();
});
