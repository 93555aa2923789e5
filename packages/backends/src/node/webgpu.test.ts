import {
  backend,
  broadcastTo,
  cast,
  conv2d,
  cumprod,
  cumsum,
  engine,
  env,
  mul,
  pad,
  tensor,
  tensor4d,
  transpose,
  where,
} from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DeviceLostError, GpuError, onDeviceLost } from "../device-lost.ts";
import { useBackend } from "../use-backend.ts";
import { softwareDriver } from "./dawn.ts";

/** Without a Vulkan driver there is nothing to run on; Chromium, which the other tests need, brings one. */
const here = process.platform !== "linux" || softwareDriver() !== undefined;

describe.skipIf(!here)("WebGPU in Node", () => {
  beforeAll(async () => {
    await useBackend({ only: "webgpu" });
    env().set("WEBGPU_CPU_FORWARD", false);
  });
  afterAll(() => useBackend({ only: "cpu" }));

  test("a software driver is called so, and passed over unless it is asked for", async () => {
    const { facts } = await useBackend({ only: "webgpu" });
    if (facts["software"] === "no") return;
    expect(facts["gpu"]).toMatch(/swiftshader|llvmpipe/i);
    const { chosen, passed } = await useBackend();
    expect(chosen).not.toBe("webgpu");
    const reason = expect.stringMatching(/^its adapter \(.+\) is a software renderer, slower than WASM$/);
    expect(passed).toContainEqual({ name: "webgpu", reason });
    await useBackend({ only: "webgpu" });
  });

  test("sums and products backward are right after those of another length", async () => {
    for (const numbers of [
      [1, 2],
      [1, 2, 3],
      [1, 2, 3, 4, 5],
    ]) {
      const sums = numbers.map((_, i) => numbers.slice(i).reduce((sum, n) => sum + n, 0));
      expect([...(await cumsum(tensor(numbers), 0, false, true).data())]).toEqual(sums);
      const products = numbers.map((_, i) => numbers.slice(i + 1).reduce((product, n) => product * n, 1));
      expect([...(await cumprod(tensor(numbers), 0, true, true).data())]).toEqual(products);
    }
  });

  test("what was cast to float can be transposed", async () => {
    const x = cast(
      tensor(
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        [2, 3],
        "int32",
      ),
      "float32",
    );
    expect([...(await transpose(x).data())]).toEqual([1, 4, 2, 5, 3, 6]);
  });

  test("padding and choosing know rank 5", async () => {
    const x = tensor([1, 2], [1, 1, 1, 1, 2]);
    const padded = pad(x, [
      [0, 0],
      [0, 0],
      [1, 0],
      [0, 0],
      [0, 1],
    ]);
    expect([...(await padded.data())]).toEqual([0, 0, 0, 1, 2, 0]);
    const chosen = where(tensor([1, 0], [1, 1, 1, 1, 2], "bool"), x, broadcastTo(tensor(9), x.shape));
    expect([...(await chosen.data())]).toEqual([1, 9]);
  });

  test("reading at once is an error that says what to do", () => {
    expect(() => mul(tensor([1, 2]), 2).dataSync()).toThrow(
      "Use `await x.data()` in place of `x.dataSync()`",
    );
  });

  test("what fails on the GPU is an error at the next read", async () => {
    const { device } = backend() as ReturnType<typeof backend> & { device: GPUDevice };
    device.createShaderModule({ code: "this is not WGSL" });
    await device.queue.onSubmittedWorkDone();
    await expect(mul(tensor([1, 2]), 2).data()).rejects.toThrow(GpuError);
    expect([...(await mul(tensor([1, 2]), 2).data())]).toEqual([2, 4]);
  });

  test("a lost GPU is an event and a clear error, and useBackend brings another", async () => {
    const x = tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    const lost = new Promise<DeviceLostError>((resolve) => {
      const stop = onDeviceLost((error) => {
        stop();
        resolve(error);
      });
    });
    (backend() as ReturnType<typeof backend> & { device: GPUDevice }).device.destroy();
    const error = await lost;
    expect(error).toBeInstanceOf(DeviceLostError);
    expect(error.message).toMatch(/the GPU is lost .* Call useBackend again/);
    expect(() => mul(x, 2)).toThrow(DeviceLostError);
    await useBackend({ only: "webgpu" });
    const filter = tensor4d([1], [1, 1, 1, 1]);
    expect([...(await conv2d(tensor4d([1, 2, 3, 4], [1, 2, 2, 1]), filter, 1, "valid").data())]).toEqual([
      1, 2, 3, 4,
    ]);
    expect(engine().backendName).toBe("webgpu");
  });
});
