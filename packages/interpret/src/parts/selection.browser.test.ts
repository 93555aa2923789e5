import { expect, test } from "vitest";
import { inkText } from "./ink-text.ts";
import { integerText, keepAddress, numberText, readAddress, writeAddress } from "./keep-address.ts";
import { Selection } from "./selection.ts";

const frame = () => new Promise(requestAnimationFrame);

test("views hear once a frame of all keys that have changed, and of no others", async () => {
  const selection = new Selection({ a: 1, b: 2, c: 3 });
  const heard: string[][] = [];
  const off = selection.on(["a", "b"], (_, changed) => heard.push([...changed]));
  expect(heard).toEqual([["a", "b"]]);
  selection.set({ a: 5 });
  selection.set({ b: 6, c: 3 });
  expect(selection.state).toEqual({ a: 5, b: 6, c: 3 });
  await frame();
  expect(heard[1]).toEqual(["a", "b"]);
  selection.set({ c: 4 });
  await frame();
  expect(heard).toHaveLength(2);
  off();
  selection.set({ a: 7 });
  await frame();
  expect(heard).toHaveLength(2);
});

test("an address that is broken is as the start, and one that was written is read back", () => {
  const ink = inkText(784);
  const start: { digit: number; hide: number; pixels: Float32Array } = {
    digit: 3,
    hide: 0.4,
    pixels: new Float32Array(784),
  };
  const codec = { digit: integerText(9), hide: numberText(0, 1), pixels: ink };
  const state: typeof start = {
    digit: 7,
    hide: 0.25,
    pixels: Float32Array.from({ length: 784 }, (_, i) => (i % 16) / 15),
  };
  const written = writeAddress(state, codec);
  const found = readAddress(written, start, codec);
  expect(found.digit).toBe(7);
  expect(found.hide).toBe(0.25);
  expect(Math.max(...found.pixels.map((v, i) => Math.abs(v - (state.pixels[i] ?? 0))))).toBeLessThan(1e-6);
  const broken = [
    "#digit=99",
    "#digit=-1",
    "#hide=abc",
    "#hide=",
    "#pixels=zz",
    "#pixels=0_0_",
    "#toString=1",
    "#%",
    "",
  ];
  for (const hash of broken) expect(readAddress(hash, start, codec)).toEqual(start);
});

test("a selection and the address follow each other", async () => {
  const selection = new Selection({ at: 1 });
  const start = { at: 1 };
  const off = keepAddress(selection, start, { at: integerText(9) });
  selection.set({ at: 4 });
  await expect.poll(() => location.hash).toBe("#at=4");
  location.hash = "#at=6";
  await expect.poll(() => selection.state.at).toBe(6);
  off();
  history.replaceState(null, "", location.pathname + location.search);
});
