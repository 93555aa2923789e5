import { useBackend } from "@pellucid/backends";
import { registerTensorflowKernels, registerWebgpuKernels } from "@pellucid/kernels";
import { getKernelsForBackend } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

test("what tfjs-node lacks is registered once, whether it is loaded or not", () => {
  registerTensorflowKernels();
  const once = getKernelsForBackend("tensorflow");
  registerTensorflowKernels();
  expect(once.map(({ kernelName }) => kernelName)).toContain("DenseBincount");
  expect(getKernelsForBackend("tensorflow")).toEqual(once);
});

test("kernels for WebGPU are refused while another backend is active", async () => {
  await useBackend({ only: "cpu" });
  expect(() => registerWebgpuKernels()).toThrow(
    'registerWebgpuKernels: the active backend is cpu, expected webgpu. Await setBackend("webgpu") first.',
  );
});
