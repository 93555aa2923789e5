import { expect, test } from "vitest";
import { cudaTrouble } from "./cuda.ts";

const h200 = { name: "NVIDIA H200", driver: "570.86", capability: 9 };
const all = () => null;
const without =
  (...names: string[]) =>
  (file: string) =>
    names.includes(file) ? `${file}: not found` : null;

test.skipIf(process.platform !== "linux")("what is missing for CUDA is named", () => {
  expect(cudaTrouble([], without("libcuda.so.1"))).toContain("there is no NVIDIA driver here: libcuda.so.1");
  expect(cudaTrouble([h200], without("libcudnn.so.9", "libcublas.so.12"))).toBe(
    "TensorFlow cannot load libcublas.so.12 (cuBLAS), libcudnn.so.9 (cuDNN): npx @pellucid/backends setup cuda brings them",
  );
  expect(cudaTrouble([{ ...h200, name: "NVIDIA B200", capability: 10 }], all)).toBe(
    "TensorFlow has no kernel image for NVIDIA B200 (compute capability 10.0, it ends at 9.0); use webgpu",
  );
  expect(cudaTrouble([h200], all)).toContain("although there is NVIDIA H200, driver 570.86");
  expect(cudaTrouble([], all)).toContain("nvidia-smi names none");
});
