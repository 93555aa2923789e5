import {
  BatchNorm2d,
  Conv2d,
  Embedding,
  initialize,
  initialized,
  Linear,
  loadWeights,
  Module,
  type Parameter,
  Rng,
  Sequential,
  saveWeights,
  stateOf,
  withoutInit,
  init,
} from "@pellucid/core-train";
import { memory } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

const net = (rng: Rng) =>
  new Sequential(new Conv2d(3, 4, 3, { rng }), new BatchNorm2d(4), new Linear(4, 2, { rng }));

describe("withoutInit", () => {
  test("leaves the generator where it was", () => {
    const rng = new Rng(3);
    const before = rng.state();
    withoutInit(() => net(rng)).dispose();
    expect(rng.state()).toEqual(before);
  });

  test("makes parameters of the same names and shapes, all zeros; buffers start as usual", () => {
    const drawn = stateOf(net(new Rng(0)));
    const empty = stateOf(withoutInit(() => net(new Rng(0))));
    expect(Object.entries(empty).map(([path, { shape }]) => [path, shape])).toEqual(
      Object.entries(drawn).map(([path, { shape }]) => [path, shape]),
    );
    expect(empty["0.weight"]).toBeAllclose(new Float32Array(108));
    expect(empty["1.weight"]).toBeAllclose([0, 0, 0, 0]);
    expect(empty["1.runningVar"]).toBeAllclose([1, 1, 1, 1]);
  });

  test("a model built without, then filled from a file, is the model of the file", async () => {
    const saved = net(new Rng(1));
    const filled = withoutInit(() => net(new Rng(2)));
    loadWeights(filled, await saveWeights(saved));
    expect(await saveWeights(filled)).toEqual(await saveWeights(saved));
  });

  test("initialize does nothing in it, and draws again after it", () => {
    const rng = new Rng(0);
    const layer = withoutInit(() => {
      const made = new Linear(2, 2, { rng });
      initialize(made, "weight", init.normal(), rng);
      return made;
    });
    expect(layer.weight).toBeAllclose([0, 0, 0, 0]);
    initialize(layer, "weight", init.normal(), rng);
    expect(layer.weight).not.toBeAllclose([0, 0, 0, 0]);
  });

  test("an inner scope does not end the outer one", () => {
    const rng = new Rng(0);
    const layer = withoutInit(() => {
      withoutInit(() => new Linear(1, 1, { rng })).dispose();
      return new Linear(1, 1, { rng });
    });
    expect(layer.weight).toBeAllclose([0]);
  });

  test("ends when its body throws", () => {
    expect(() =>
      withoutInit(() => {
        throw new Error("no model");
      }),
    ).toThrow("no model");
    expect(new Linear(1, 1, { rng: new Rng(0) }).weight).not.toBeAllclose([0]);
  });

  test("refuses an asynchronous body, and ends", () => {
    expect(() => withoutInit(async () => net(new Rng(0)))).toThrow(
      new TypeError("withoutInit(build): build is asynchronous, expected a function that returns the model."),
    );
    expect(new Linear(1, 1, { rng: new Rng(0) }).weight).not.toBeAllclose([0]);
  });

  test("a custom module takes part if it uses initialized", () => {
    class Scale extends Module {
      readonly weight: Parameter;
      constructor(rng: Rng) {
        super();
        this.weight = initialized([2, 3], init.normal(), rng, [1, 0]);
      }
    }
    const rng = new Rng(0);
    const empty = withoutInit(() => new Scale(rng));
    expect(empty.weight).toHaveShape([3, 2]);
    expect(rng.state()).toEqual(new Rng(0).state());
    expect(new Scale(rng).weight).not.toBeAllclose(new Float32Array(6));
  });

  test("keeps no tensor but the model's", () => {
    const before = memory().numTensors;
    withoutInit(() => new Embedding(4, 2, { rng: new Rng(0), paddingIdx: 0 })).dispose();
    expect(memory().numTensors).toBe(before);
  });
});
