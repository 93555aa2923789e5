// Every detector against torchvision's, on a small backbone: names, shapes and weights from a seed; what it detects, its losses with their samples,
// and the gradient of each parameter.
import { type BackendName, useBackend } from "@pellucid/backends";
import {
  type Parameter,
  Rng,
  sizeOf,
  torchStateOf,
  trainable,
  training,
  valueAndGradients,
} from "@pellucid/core-train";
import { totalLoss } from "@pellucid/detection";
import { fixture } from "@pellucid/testing";
import { dispose, memory, type Tensor, zerosLike } from "@tensorflow/tfjs-core";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Detector, detectors, proposalDetectors } from "./detectors/detectors.ts";
import { fillByFormula } from "./detectors/fill-by-formula.ts";
import { pictures, targets } from "./detectors/pictures.ts";
import { weighted } from "./detectors/weighted.ts";

interface Numbers {
  readonly data: number[];
  readonly tolerance: number;
}

interface Found {
  readonly labels: number[];
  readonly boxes: Numbers;
  readonly scores: Numbers;
  readonly masks?: { readonly sums: number[]; readonly area: number[]; readonly tolerance: number };
  readonly keypoints?: Numbers;
  readonly keypoints_scores?: Numbers;
}

interface Case {
  readonly name: string;
  readonly state: Readonly<Record<string, readonly [shape: number[], sum: number]>>;
  readonly detections: Found[];
  readonly losses: Readonly<Record<string, readonly [value: number, tolerance: number]>>;
  readonly gradients: Readonly<Record<string, readonly [sum: number, norm: number, tolerance: number]>>;
}

const { cases: own } = fixture<{ cases: Case[] }>(import.meta.url, "../fixtures/torch/detectors.json");
const onProposals = fixture<{ cases: Case[] }>(import.meta.url, "../fixtures/torch/proposals.json");
const cases = [...own, ...onProposals.cases];
const all = { ...detectors, ...proposalDetectors };

/** `loss_box_reg` -> `lossBoxReg` */
const camel = (name: string): string => name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());

test("every detector has its case", () => {
  expect(Object.keys(all).toSorted()).toEqual(cases.map(({ name }) => name).toSorted());
});

test("the README claims torchvision's state dicts for the classes that load them here", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const row = /^\| torchvision's detectors \|(.*)$/m.exec(readme)?.[1] ?? "";
  const claimed = [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  const loaded = Object.values(detectors).map((make) => {
    const model = make(new Rng(0));
    model.dispose();
    return model.constructor.name;
  });
  expect(claimed.toSorted()).toEqual([...new Set(loaded)].toSorted());
});

const backends: readonly BackendName[] = ["cpu", "wasm"];

describe.each(backends)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));
  afterAll(() => useBackend({ only: "cpu" }));

  describe.each(cases.map((c) => [c.name, c] as const))("%s", (name, c) => {
    const make = all[name] as (rng: Rng) => Detector;

    test("has torchvision's names, shapes and weights of a seed", async () => {
      const model = make(new Rng(0));
      const state = await torchStateOf(model);
      expect(Object.keys(state).toSorted()).toEqual(Object.keys(c.state).toSorted());
      for (const [key, [shape, sum]] of Object.entries(c.state)) {
        expect(state[key]?.shape, key).toEqual(shape);
        const scale = Math.sqrt(sizeOf(shape));
        expect([weighted(state[key]?.data ?? [], 3)], key).toBeAllclose([sum], {
          rtol: 1e-5,
          atol: 1e-6 * scale,
        });
      }
      model.dispose();
    });

    test("detects what torchvision does", async () => {
      const before = memory().numTensors;
      const model = make(new Rng(0));
      await fillByFormula(model);
      const images = pictures();
      const found = (await model.detect(images)) as unknown as Readonly<
        Record<string, { readonly data: Float32Array }>
      >[];
      for (const [i, wanted] of c.detections.entries()) {
        const own = found[i] as (typeof found)[number];
        expect([...(own["labels"] as unknown as Int32Array)]).toEqual(wanted.labels);
        const close = (what: ArrayLike<number>, { data, tolerance }: Numbers): void =>
          expect(Array.from(what)).toBeAllclose(data, { rtol: 0, atol: tolerance });
        close(own["boxes"]?.data ?? [], wanted.boxes);
        close(own["scores"] as unknown as Float32Array, wanted.scores);
        if (wanted.keypoints !== undefined) close(own["keypoints"]?.data ?? [], wanted.keypoints);
        if (wanted.keypoints_scores !== undefined)
          close(own["keypointScores"]?.data ?? [], wanted.keypoints_scores);
        if (wanted.masks === undefined) continue;
        const pixels = (own["masks"]?.data.length ?? 0) / wanted.labels.length;
        const masks = wanted.labels.map(
          (_, k) => own["masks"]?.data.subarray(k * pixels, (k + 1) * pixels) ?? [],
        );
        expect(masks.map((mask) => weighted(mask, 9))).toBeAllclose(wanted.masks.sums, {
          rtol: 1e-4,
          atol: wanted.masks.tolerance,
        });
        expect(masks.map((mask) => Array.from(mask).filter((p) => p > 0.5).length)).toEqual(
          wanted.masks.area,
        );
      }
      dispose(images);
      model.dispose();
      expect(memory().numTensors).toBe(before);
    });

    test("has torchvision's losses, samples and gradients", async () => {
      const before = memory().numTensors;
      const rng = new Rng(0);
      const model = make(rng);
      await fillByFormula(model);
      const images = pictures();
      rng.restore(new Rng(1).state());
      const { value, gradients } = training(model, () =>
        valueAndGradients(trainable(model), () => totalLoss(model.losses(images, targets()))),
      );
      const total = Object.values(c.losses).reduce((sum, [loss]) => sum + loss, 0);
      expect(await value.data()).toBeAllclose([total], { rtol: 2e-5, atol: 0 });
      const order = Object.keys(c.state).toSorted();
      const found = { ...gradients };
      for (const [path, parameter] of model.namedParameters()) {
        const none = zerosLike(parameter); // of a level that no region is pooled from
        parameter.assign((found[path] ?? none) as Tensor as Parameter);
        none.dispose();
      }
      const stored = await torchStateOf(model);
      for (const [key, [sum, , tolerance]] of Object.entries(c.gradients))
        expect([weighted(stored[key]?.data ?? [], order.indexOf(key))], key).toBeAllclose([sum], {
          rtol: 0,
          atol: tolerance,
        });
      dispose([value, ...Object.values(gradients), ...images]);
      model.dispose();
      expect(memory().numTensors).toBe(before);
    });

    test("has each of torchvision's losses", async () => {
      const rng = new Rng(0);
      const model = make(rng);
      await fillByFormula(model);
      const images = pictures();
      rng.restore(new Rng(1).state());
      const before = memory().numTensors;
      const losses = training(model, () => model.losses(images, targets()));
      expect(memory().numTensors).toBe(before + Object.keys(losses).length);
      expect(Object.keys(losses).toSorted()).toEqual(Object.keys(c.losses).map(camel).toSorted());
      for (const [key, [loss, tolerance]] of Object.entries(c.losses))
        expect(await losses[camel(key)]?.data(), key).toBeAllclose([loss], { rtol: 0, atol: tolerance });
      dispose([...Object.values(losses), ...images]);
      model.dispose();
    });
  });
});
