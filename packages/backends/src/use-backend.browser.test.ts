import { backend, matMul, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { DeviceLostError, onDeviceLost } from "./device-lost.ts";
import { useBackend } from "./use-backend.ts";

test("software GPUs are passed over for WASM, which loads its files with no configuration", async () => {
  const { chosen, passed } = await useBackend();
  expect(chosen).toBe("wasm");
  expect(passed).toEqual([
    { name: "webgpu", reason: "its adapter (google swiftshader) is a software renderer, slower than WASM" },
    {
      name: "webgl",
      reason: expect.stringMatching(/^its GPU \(.*SwiftShader.*\) is a software renderer, slower than WASM$/),
    },
  ]);
});

test.each(["webgpu", "webgl", "wasm", "cpu"] as const)("%s works when it is forced", async (only) => {
  const { chosen } = await useBackend({ only });
  expect(chosen).toBe(only);
  const x = tensor2d([
    [1, 2],
    [3, 4],
  ]);
  const y = matMul(x, x);
  expect([...(await y.data())]).toEqual([7, 10, 15, 22]);
  x.dispose();
  y.dispose();
});

test("a GPU that is lost is an event and a clear error, and useBackend brings another", async () => {
  await useBackend({ only: "webgpu" });
  const lost = new Promise<DeviceLostError>((resolve) => {
    const stop = onDeviceLost((error) => {
      stop();
      resolve(error);
    });
  });
  (backend() as ReturnType<typeof backend> & { device: GPUDevice }).device.destroy();
  expect((await lost).message).toMatch(/^webgpu: the GPU is lost .* Call useBackend again/);
  const rows = [
    [1, 2],
    [3, 4],
  ];
  expect(() => matMul(tensor2d(rows), tensor2d(rows))).toThrow(DeviceLostError);
  await useBackend({ only: "webgpu" });
  expect([...(await matMul(tensor2d(rows), tensor2d(rows)).data())]).toEqual([7, 10, 15, 22]);
});
