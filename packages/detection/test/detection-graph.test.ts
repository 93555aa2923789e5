// What a detector of one stage finds, as a graph of tensors: the same as its `detect`, which is torchvision's in detectors.test.ts.
import { type BackendName, useBackend } from "@pellucid/backends";
import { loadWeights, Rng, ShapeError, sizeOf, StructError, torchStateOf, trace } from "@pellucid/core-train";
import { DetectionGraph, FCOS, type OneStageDetector, RetinaNet, SSD } from "@pellucid/detection";
import { formulaWeights } from "@pellucid/testing";
import { reshape, type Tensor4D, tensor4d, zeros } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { detectors } from "./detectors/detectors.ts";

type OneStage = OneStageDetector<never>;

/** A detector with weights by a formula, as those of its comparison with torchvision. */
async function filled(name: string): Promise<OneStage> {
  const model = detectors[name]?.(new Rng(0)) as unknown as OneStage;
  const entries = Object.entries(await torchStateOf(model)).map(([key, { shape }]) => [key, shape] as const);
  const floats = entries.filter(([key]) => !key.endsWith("num_batches_tracked"));
  const weights = formulaWeights(Object.fromEntries(floats), (u, key, shape) =>
    shape.length > 1
      ? u * Math.sqrt(24 / sizeOf(shape.slice(1))) * (key.includes("conv.") ? 0.2 : 1)
      : 0.1 * u,
  );
  loadWeights(model, weights, { strict: false });
  return model;
}

/** A picture that is not padded: in a padded one many positions have the same score, and which of them comes first is each backend's. */
const picture = (seed: number): Tensor4D =>
  tensor4d(new Rng(seed).uniform([1, 64, 96, 3], 0, 1).data, [1, 64, 96, 3]);

const backends: readonly BackendName[] = ["cpu", "wasm"];

describe.each(backends)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));
  afterAll(() => useBackend({ only: "cpu" }));

  test.each([
    ["retina", RetinaNet],
    ["fcos_net", FCOS],
    ["ssd_net", SSD],
  ] as const)("%s finds in a graph what its detect finds", async (name, type) => {
    const model = await filled(name);
    expect(model).toBeInstanceOf(type);
    const graph = new DetectionGraph(model as never);
    const counts: number[] = [];
    for (const seed of [1, 2]) {
      const images = picture(seed);
      const [found] = await model.detect([reshape(images, [64, 96, 3])]);
      expect(() => graph.forward(images)).toLeakNothing();
      const { boxes, scores, labels } = graph.forward(images);
      counts.push(labels.size);
      expect(Array.from(labels.dataSync())).toEqual(Array.from(found?.labels ?? []));
      expect(scores).toBeAllclose([...(found?.scores ?? [])], { rtol: 0, atol: 1e-5 });
      expect(boxes).toBeAllclose([...(found?.boxes.data ?? [])], { rtol: 0, atol: 1e-3 });
    }
    expect(Math.min(...counts)).toBeGreaterThan(2);
    model.dispose();
  });
});

test("nothing of it is read: a trace of one size holds it, with the suppression as one op", async () => {
  const model = await filled("ssd_net");
  const { nodes } = trace(new DetectionGraph(model as never), [zeros([1, 30, 20, 3]) as never], { axes: {} });
  expect(nodes.filter(({ op }) => op === "NonMaxSuppressionV3").length).toBe(1);
});

test("another number of pictures, and what is no such detector, are refused", () => {
  const graph = new DetectionGraph(detectors["ssd_net"]?.(new Rng(0)) as never);
  expect(() => graph.forward(zeros([2, 30, 20, 3]) as never)).toThrow(ShapeError);
  expect(() => new DetectionGraph(detectors["faster"]?.(new Rng(0)) as never)).toThrow(StructError);
  expect(() => new DetectionGraph({} as never)).toThrow("expected a RetinaNet, FCOS or SSD");
});
