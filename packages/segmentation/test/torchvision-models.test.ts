// torchvision's models whole: names, shapes and counts of their states, and their logits with given weights. Those of a ResNet take hundreds of megabytes: its logits only where PELLUCID_FULL asks for them.
import { useBackend } from "@pellucid/backends";
import { encodeSafetensors, loadWeights, type Module, torchStateOf, withoutInit } from "@pellucid/core-train";
import type { SegmentationModel } from "@pellucid/segmentation";
import { expectTorch, fixture, sines, type TorchResult } from "@pellucid/testing";
import { memory, type Tensor4D } from "@tensorflow/tfjs-core";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { given } from "./given.ts";
import { models } from "./torchvision-models.ts";

interface Case {
  readonly name: string;
  readonly parameters: number;
  readonly entries: number;
  readonly digest: string;
  readonly outputs: TorchResult[];
}

const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "../fixtures/torch/torchvision-models.json");
const full = process.env["PELLUCID_FULL"] !== undefined;
beforeAll(() => useBackend({ only: "wasm" }));

/** `fcn_resnet50` -> `fcn` */
const classOf = (name: string): string => name.replace(/_.*/, "");

test.for(cases)("$name", { timeout: 600_000 }, async ({ name, parameters, entries, digest, outputs }) => {
  const before = memory().numTensors;
  const model = withoutInit(models[name] as () => Module & SegmentationModel);
  expect(model.constructor.name.toLowerCase()).toBe(classOf(name));
  const state = await torchStateOf(model);
  const lines = Object.entries(state).map(([key, { shape }]) => `${key} ${shape.join(",")}`);
  expect(lines).toHaveLength(entries);
  expect(createHash("sha256").update(lines.join("\n")).digest("hex")).toBe(digest);
  expect([...model.namedParameters()].reduce((sum, [, { size }]) => sum + size, 0)).toBe(parameters);
  if (full || name.includes("mobilenet")) {
    loadWeights(model, encodeSafetensors(given(state)));
    const x = sines([1, 64, 64, 3]) as Tensor4D;
    const found = Object.values(model.forward(x)) as Tensor4D[];
    x.dispose();
    for (const [i, expected] of outputs.entries()) {
      expectTorch(found[i] as Tensor4D, expected, `output ${i}`);
      found[i]?.dispose();
    }
  }
  model.dispose();
  expect(memory().numTensors).toBe(before);
});

test("the README claims torchvision's weights for the classes of these models", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const cells = /^\| ([^|]*) \| torchvision's weights/m.exec(readme)?.[1] ?? "";
  const claimed = [...cells.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  expect(claimed.map((name) => name?.toLowerCase()).toSorted()).toEqual(
    cases.map(({ name }) => classOf(name)).toSorted(),
  );
  expect(Object.keys(models).toSorted()).toEqual(cases.map(({ name }) => name).toSorted());
});
