import { clipGradNorm, clipGradValue, globalNorm } from "@pellucid/core-train";
import { tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const gradients = { a: tensor([3]), b: tensor([[4, 0]]) };

test("gradients are shortened together", () => {
  expect(globalNorm(gradients)).toBeAllclose([5]);
  const [clipped] = clipGradNorm(1).update(gradients, {}, gradients);
  expect(clipped["a"]).toBeAllclose([0.6]);
  expect(clipped["b"]).toBeAllclose([[0.8, 0]]);
});

test("short ones stay as they are, bit by bit", () => {
  const [kept] = clipGradNorm(6).update(gradients, {}, gradients);
  expect(kept["b"]?.dataSync()).toEqual(new Float32Array([4, 0]));
});

test("an empty record of gradients is accepted", () => {
  expect(clipGradNorm(1).update({}, {}, {})[0]).toEqual({});
});

test("a negative norm or limit is refused", () => {
  expect(() => clipGradNorm(-1)).toThrow("clipGradNorm: maxNorm is -1, expected a number ≥ 0.");
  expect(() => clipGradValue(-1)).toThrow("clipGradValue: limit is -1, expected a number ≥ 0.");
});
