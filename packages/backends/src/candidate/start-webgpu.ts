import {
  backend,
  findBackend,
  findBackendFactory,
  registerBackend,
  removeBackend,
  version_core,
} from "@tensorflow/tfjs-core";
import { isLost, watchDevice } from "../device-lost.ts";
import { activate } from "./activate.ts";
import { type BackendFacts, Unavailable } from "./candidate.ts";

/** The vendor, architecture and description of a GPU. */
export const nameOfAdapter = ({ info }: GPUAdapter): string =>
  [info.vendor, info.architecture, info.description].filter(Boolean).join(" ");

/** Whether an adapter is a software renderer. */
export const isSoftware = ({ info }: GPUAdapter): boolean =>
  info.isFallbackAdapter ||
  /swiftshader|llvmpipe|lavapipe|basic render/i.test(
    `${info.architecture} ${info.device} ${info.description}`,
  );

/** Makes WebGPU tfjs' active backend, on the GPU that `navigator.gpu` gives. */
export async function startWebgpu(gpu: GPU, forced: boolean): Promise<BackendFacts> {
  const adapter = await gpu.requestAdapter();
  if (!adapter) throw new Unavailable("navigator.gpu has no adapter: no GPU that it can use");
  const name = nameOfAdapter(adapter);
  if (!forced && isSoftware(adapter)) {
    throw new Unavailable(`its adapter (${name}) is a software renderer, slower than WASM`);
  }
  const { version } = await load();
  forgetLost();
  await activate("webgpu");
  watchDevice(backend() as WebgpuBackend);
  (await import("@pellucid/kernels")).registerWebgpuKernels();
  return {
    "tfjs-backend-webgpu": version,
    gpu: name,
    software: isSoftware(adapter) ? "yes" : "no",
  };
}

async function load(): Promise<{ readonly version: string }> {
  try {
    await import("@tensorflow/tfjs-backend-webgpu");
    return { version: version_core }; // tfjs releases all of its backends together, and this one does not say
  } catch (cause) {
    throw new Unavailable("@tensorflow/tfjs-backend-webgpu is not installed", { cause });
  }
}

/** The part of tfjs' WebGPU backend that is used here. */
export type WebgpuBackend = ReturnType<typeof backend> & { readonly device: GPUDevice };

/** Removes a backend whose device is lost, which tfjs would keep, so that another can start. */
function forgetLost(): void {
  const old = findBackend("webgpu") as WebgpuBackend | null;
  const factory = findBackendFactory("webgpu");
  if (old === null || !isLost(old)) return;
  removeBackend("webgpu");
  registerBackend("webgpu", factory);
}
