import { backend, findBackend } from "@tensorflow/tfjs-core";
import util from "node:util";
import { activate } from "../candidate/activate.ts";
import { type Candidate, Unavailable } from "../candidate/candidate.ts";
import { cudaTrouble, openCudaLibraries } from "./cuda.ts";
import { openLibrary } from "./open-library.ts";
import { fixTensorflowKernels } from "./fix-tensorflow-kernels.ts";
import { type Binding, bindingOf, type TensorflowPackage } from "./tensorflow-package.ts";

/** An NVIDIA GPU through TensorFlow's library; needs `@tensorflow/tfjs-node-gpu`, made to work by `setup cuda`. */
export const cuda: Candidate = {
  name: "cuda",
  async start() {
    const binding = installedBinding("@tensorflow/tfjs-node-gpu", "cuda");
    openCudaLibraries(binding);
    // Without a driver there is nothing to load the library for, and its processor's half is left to the other package.
    if (process.platform === "linux" && openLibrary("libcuda.so.1") !== null)
      throw new Unavailable(cudaTrouble());
    const facts = await start(binding);
    if (!(backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice) throw new Unavailable(cudaTrouble());
    return facts;
  },
};

/** The processor through TensorFlow's library; needs `@tensorflow/tfjs-node`, made to work by `setup cpu`. */
export const native: Candidate = {
  name: "native",
  async start() {
    return start(installedBinding("@tensorflow/tfjs-node", "cpu"));
  },
};

function installedBinding(name: TensorflowPackage, setup: string): Binding {
  const binding = bindingOf(name);
  if (typeof binding !== "string") return binding;
  throw new Unavailable(`${binding}: npx @pellucid/backends setup ${setup}`);
}

async function start({ entry, name, version }: Binding): Promise<Record<string, string>> {
  if (loaded !== undefined && loaded !== entry) {
    // Where the library for GPUs found none, it computes on the processor.
    if (
      name === "@tensorflow/tfjs-node" &&
      !(findBackend("tensorflow") as { isUsingGpuDevice?: boolean }).isUsingGpuDevice
    ) {
      await activate("tensorflow");
      return { [name.replace("@tensorflow/", "")]: version, libtensorflow: libraryVersion() };
    }
    throw new Unavailable(
      "TensorFlow's library is already loaded by the other of tfjs-node and tfjs-node-gpu",
    );
  }
  // Gone since Node 23, and tfjs-node needs it for every tensor that it makes.
  Object.assign(util, {
    isNullOrUndefined: (x: unknown) => x === null || x === undefined,
    isArray: Array.isArray,
  });
  process.env["TF_FORCE_GPU_ALLOW_GROWTH"] ??= "true"; // else it takes all of the GPU's memory
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2"; // else it prints what it found
  try {
    await import(entry);
  } catch (cause) {
    throw new Unavailable(
      `${name} does not load: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  }
  loaded = entry;
  await activate("tensorflow");
  fixTensorflowKernels();
  (await import("@pellucid/kernels")).registerTensorflowKernels();
  return { [name.replace("@tensorflow/", "")]: version, libtensorflow: libraryVersion() };
}

/** Both packages bind the same library and register the same backend: only one fits into a process. */
let loaded: string | undefined;

function libraryVersion(): string {
  const { binding } = backend() as { binding?: { TF_Version?: string } };
  return binding?.TF_Version ?? "unknown";
}
