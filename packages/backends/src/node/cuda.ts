import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { openLibrary } from "./open-library.ts";
import type { Binding } from "./tensorflow-package.ts";

/** The libraries that TensorFlow 2.21 opens for an NVIDIA GPU, each after those that it depends on, and what they are. */
const libraries = [
  ["libcuda.so.1", "the NVIDIA driver"],
  ["libcudart.so.12", "the CUDA runtime"],
  ["libnvJitLink.so.12", "CUDA's linker"],
  ["libcublasLt.so.12", "cuBLAS"],
  ["libcublas.so.12", "cuBLAS"],
  ["libcufft.so.11", "cuFFT"],
  ["libcurand.so.10", "cuRAND"],
  ["libcusparse.so.12", "cuSPARSE"],
  ["libcusolver.so.11", "cuSOLVER"],
  ["libcudnn.so.9", "cuDNN"],
] as const;

/** The highest compute capability, rounded down, that TensorFlow 2.21 has code for. */
const newest = 9;

/** Opens the libraries that `setup cuda` put next to TensorFlow's, so that it finds them. */
export function openCudaLibraries({ folder }: Binding): void {
  const nvidia = join(folder, "deps", "nvidia");
  if (!existsSync(nvidia)) return;
  const files = readdirSync(nvidia, { recursive: true, encoding: "utf8" });
  for (const [name] of libraries) {
    const file = files.find((path) => path.endsWith(`/${name}`));
    if (file !== undefined) openLibrary(join(nvidia, file));
  }
}

/** An NVIDIA GPU as its driver reports it. */
export interface NvidiaGpu {
  readonly name: string;
  readonly driver: string;
  readonly capability: number;
}

/** The NVIDIA GPUs that `nvidia-smi` reports; none without a driver. */
export function nvidiaGpus(): readonly NvidiaGpu[] {
  const query = ["--query-gpu=name,driver_version,compute_cap", "--format=csv,noheader"];
  const { status, stdout } = spawnSync("nvidia-smi", query, { encoding: "utf8", timeout: 10_000 });
  if (status !== 0) return [];
  return stdout
    .trim()
    .split("\n")
    .map((line) => {
      const [name = "", driver = "", capability = ""] = line.split(",").map((word) => word.trim());
      return { name, driver, capability: Number(capability) };
    });
}

/** Why TensorFlow's library sees no NVIDIA GPU: the driver, a library or the code for the GPU that is missing. */
export function cudaTrouble(gpus: readonly NvidiaGpu[] = nvidiaGpus(), open = openLibrary): string {
  if (process.platform !== "linux") {
    return `TensorFlow has no library for GPUs on ${process.platform} since 2.10; use webgpu`;
  }
  const missing = libraries.filter(([name]) => open(name) !== null);
  const driver = missing.find(([name]) => name === "libcuda.so.1");
  if (driver !== undefined) {
    return "there is no NVIDIA driver here: libcuda.so.1 cannot be loaded, so TensorFlow would run on the processor";
  }
  if (missing.length > 0) {
    const names = missing.map(([name, what]) => `${name} (${what})`).join(", ");
    return `TensorFlow cannot load ${names}: npx @pellucid/backends setup cuda brings them`;
  }
  const tooNew = gpus.find(({ capability }) => capability >= newest + 1);
  if (tooNew !== undefined) {
    return (
      `TensorFlow has no kernel image for ${tooNew.name} (compute capability ${tooNew.capability.toFixed(1)}, ` +
      `it ends at ${newest}.0); use webgpu`
    );
  }
  const seen = gpus.map(({ name, driver: version }) => `${name}, driver ${version}`).join("; ");
  return seen === ""
    ? "TensorFlow's library sees no GPU, and nvidia-smi names none: the driver is there, but no GPU that TensorFlow may use"
    : `TensorFlow's library sees no GPU, although there is ${seen}: its driver may be older than CUDA 12.5 requires`;
}
