// torchvision's detectors by name, put together from the classifiers of @pellucid/cnn: names, shapes and counts; and with weights by a formula, what they detect.
import { useBackend } from "@pellucid/backends";
import { type HostTensor, loadWeights, Rng, sizeOf, torchStateOf, withoutInit } from "@pellucid/core-train";
import type { Detections, KeypointDetections, MaskDetections } from "@pellucid/detection";
import { fixture, formulaWeights, hashed } from "@pellucid/testing";
import { memory, tensor3d } from "@tensorflow/tfjs-core";
import { createHash } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { type Detector, detectors } from "./detectors/named.ts";
import { weighted } from "./detectors/weighted.ts";

interface Case {
  readonly name: string;
  readonly entries: number;
  readonly parameters: number;
  readonly digest: string;
  readonly labels: number[];
  readonly boxes: number[];
  readonly scores: number[];
  /** Per object a weighted sum of its mask, and how many pixels are above a half. */
  readonly masks?: [sum: number, area: number][];
  /** Per object and keypoint `x`, `y` and 1. */
  readonly keypoints?: number[];
}

const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "../fixtures/torch/named-detectors.json");

/** All but one have tens of millions of weights: they run where `PELLUCID_FULL` asks for it. */
const full = process.env["PELLUCID_FULL"] !== undefined;
const here = cases.filter(({ parameters }) => full || parameters < 5e6);

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("every detector has its case", () => {
  expect(Object.keys(detectors)).toEqual(cases.map(({ name }) => name));
});

test.each(here.map((c) => [c.name, c] as const))(
  "%s is torchvision's",
  { timeout: 900_000 },
  async (name, c) => {
    const before = memory().numTensors;
    const rng = new Rng(0);
    const model = withoutInit(() => (detectors[name] as (rng: Rng) => Detector)(rng));
    const state = await torchStateOf(model);
    const entries = Object.entries(state).filter(([key]) => !key.endsWith("num_batches_tracked"));
    expect(entries).toHaveLength(c.entries);
    const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
    const lines = sorted.map(([key, { shape }]) => `${key} ${shape.join(",")}`);
    expect(createHash("sha256").update(lines.join("\n")).digest("hex")).toBe(c.digest);
    const shapes = Object.fromEntries(entries.map(([key, { shape }]) => [key, shape]));
    const weights = formulaWeights(shapes, (u, key, shape) => {
      if (shape.length > 1)
        return u * Math.sqrt(24 / sizeOf(shape.slice(1))) * (key.includes("conv.") ? 0.2 : 1);
      if (key.endsWith("running_var")) return 1 + 0.4 * u;
      if (key.endsWith("scale_weight")) return 3 + u;
      return key.endsWith("weight") ? 1 + 0.2 * u : 0.1 * u;
    });
    loadWeights(model, weights, { strict: false });
    const values = Float32Array.from(hashed(3 * 60 * 80, 50), (u) => Math.fround(u) + 0.5);
    const image = tensor3d(values, [60, 80, 3]);
    const [found] = (await model.detect([image])) as [
      Detections & Partial<MaskDetections & KeypointDetections>,
    ];
    for (const [i, label] of c.labels.entries()) {
      const wanted = c.boxes.slice(4 * i, 4 * i + 4);
      const distances = Array.from(found.labels, (own, k) => {
        const box = found.boxes.data.subarray(4 * k, 4 * k + 4);
        const apart = Math.max(...wanted.map((edge, axis) => Math.abs(edge - (box[axis] as number))));
        return own === label
          ? Math.max(apart / 80, Math.abs((found.scores[k] as number) - (c.scores[i] as number)))
          : 1;
      });
      expect(Math.min(...distances), `detection ${i}`).toBeLessThan(1e-3);
      const own = distances.indexOf(Math.min(...distances));
      const ofOwn = (values: HostTensor<Float32Array> | undefined): Float32Array => {
        const size = sizeOf(values?.shape.slice(1) ?? []);
        return values?.data.subarray(own * size, (own + 1) * size) ?? new Float32Array();
      };
      const [sum, area] = c.masks?.[i] ?? [];
      if (sum !== undefined) {
        const mask = ofOwn(found.masks);
        expect(weighted(mask, 9), `mask ${i}`).toBeCloseTo(sum, 1);
        expect(
          mask.filter((p) => p > 0.5),
          `mask ${i}`,
        ).toHaveLength(area ?? NaN);
      }
      if (c.keypoints !== undefined) {
        const points = c.keypoints.slice(51 * i, 51 * i + 51);
        expect(Array.from(ofOwn(found.keypoints)), `keypoints ${i}`).toBeAllclose(points, {
          rtol: 0,
          atol: 0.05,
        });
      }
    }
    image.dispose();
    model.dispose();
    expect(memory().numTensors).toBe(before);
  },
);
