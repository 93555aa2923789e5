import { useBackend } from "@pellucid/backends";
import { tensor, type Tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { gradient } from "../gradient.ts";
import { abs } from "./abs.ts";
import { sign } from "./sign.ts";

test.each(["cpu", "wasm"] as const)("the smallest number has a sign on %s", async (only) => {
  await useBackend({ only });
  const x = tensor([-1e-30, 1e-8, -Infinity, 3, 0, -0, NaN]);
  const expected = [-1, 1, -1, 1, 0, 0, 0]; // torch.sign
  expect(sign(x)).toBeAllclose(expected, { rtol: 0, atol: 0 });
  expect(gradient((z: Tensor) => abs(z))(x)).toBeAllclose(expected, { rtol: 0, atol: 0 });
  expect(gradient((z: Tensor) => sign(z))(x)).toBeAllclose([0, 0, 0, 0, 0, 0, 0]);
  expect(() => sign(x)).toLeakNothing();
});
