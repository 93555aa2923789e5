import { getBackend } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { diagnose } from "./diagnose.ts";
import { useBackend } from "./use-backend.ts";

test("in a page it says of each backend what it is, or why it is passed over, and leaves the active one", async () => {
  await useBackend({ only: "cpu" });
  const states = await diagnose();
  expect(states.map(({ name }) => name)).toEqual(["webgpu", "webgl", "wasm", "cpu"]);
  expect(states.every(({ works }) => works)).toBe(true);
  const [webgpu, webgl, wasm] = states;
  expect(webgpu).toMatchObject({ isTaken: false, facts: { software: "yes", "secure context": "yes" } });
  expect(webgpu?.reason).toMatch(/swiftshader.* is a software renderer, slower than WASM$/i);
  expect(webgl?.reason).toMatch(/is a software renderer, slower than WASM$/);
  expect(wasm).toMatchObject({ isTaken: true, reason: null, facts: { "cross-origin isolated": "yes" } });
  expect(getBackend()).toBe("cpu");
});
