import { readFileSync } from "node:fs";
import { useBackend } from "@pellucid/backends";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  batchOf,
  correct,
  labelsOf,
  lookedAt,
  meanIou,
  seenScenes,
  side,
  trained,
  unmarked,
  unseenScenes,
} from "./program.ts";

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

const load = () => trained(new Uint8Array(readFileSync(`${import.meta.dirname}/unet.safetensors`)).buffer);

test("unseen pictures are outlined with their own skip maps, and not without or with those of others", async () => {
  const net = load();
  const all = unseenScenes().slice(0, 12);
  const tensors = memory().numTensors;
  const [on, off, other] = [
    await meanIou(net, all, ["on", "on"]),
    await meanIou(net, all, ["off", "off"]),
    await meanIou(net, all, ["other", "other"]),
  ];
  expect(on).toBeGreaterThan(0.9);
  expect(off).toBeLessThan(on - 0.2);
  expect(other).toBeLessThan(0.5);
  expect(memory().numTensors).toBe(tensors);
  net.dispose();
});

test("a stroke changes what is said there, and known pictures hold the rest", async () => {
  const [scene] = unseenScenes();
  if (scene === undefined) throw new Error("no picture");
  const object = scene.semantic.data.findIndex((label) => label > 0);
  const wrong = ((scene.semantic.data[object] ?? 0) % 3) + 1;
  const marks = scene.semantic.data.map((label, i) => (label > 0 && i % 3 === 0 ? wrong : unmarked));
  const shares: number[] = [];
  const held: number[] = [];
  const tensors = memory().numTensors;
  for (const known of [[], seenScenes()]) {
    const net = load();
    await correct(net, { scene, marks: Int32Array.from(marks), known });
    const x = batchOf([scene]);
    const found = await labelsOf(net, x, ["on", "on"]);
    x.dispose();
    const marked = Array.from(marks.keys()).filter((i) => marks[i] === wrong);
    shares.push(marked.filter((i) => found[i] === wrong).length / marked.length);
    held.push(await meanIou(net, unseenScenes().slice(1, 13), ["on", "on"]));
    net.dispose();
  }
  expect(shares[0]).toBeGreaterThan(0.8);
  expect(held[1]).toBeGreaterThan(held[0] ?? NaN);
  expect(memory().numTensors).toBe(tensors);
});

test("a pixel's map is where its receptive field is", async () => {
  const net = load();
  const [scene] = unseenScenes();
  const x = batchOf(scene === undefined ? [] : [scene]);
  const map = await lookedAt(net, x, [0, 0], 0);
  expect(map[0]).toBeGreaterThan(0);
  expect(map[side * side - 1]).toBe(0);
  x.dispose();
  net.dispose();
});
