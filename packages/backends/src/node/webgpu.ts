import { backend, type KernelBackend } from "@tensorflow/tfjs-core";
import type { Candidate } from "../candidate/candidate.ts";
import { startWebgpu } from "../candidate/start-webgpu.ts";
import { dawn } from "./dawn.ts";

/** Dawn's `navigator.gpu`, made once: each instance of Dawn has a list of drivers of its own. */
let installed: GPU | undefined;

/** The backends whose synchronous reads have been wrapped. */
const explained = new WeakSet<KernelBackend>();

/** The GPU through WebGPU; needs the packages `webgpu` and `@tensorflow/tfjs-backend-webgpu`. */
export const webgpu: Candidate = {
  name: "webgpu",
  async start({ forced, gpu }) {
    const name = gpu ?? process.env["PELLUCID_GPU"];
    installed ??= await dawn({ gpu: name, software: forced });
    const facts = await startWebgpu(installed, forced);
    explainReads(backend());
    return facts;
  },
};

/** Gives `dataSync` a helpful error: tfjs reads from the GPU synchronously by drawing on a canvas, which Node does not have. */
function explainReads(own: KernelBackend): void {
  if (explained.has(own)) return;
  explained.add(own);
  const readSync = own.readSync.bind(own);
  own.readSync = (data) => {
    try {
      return readSync(data);
    } catch (cause) {
      if (!(cause instanceof ReferenceError)) throw cause;
      throw new Error(
        "webgpu: tensors on the GPU cannot be read synchronously in Node. Use `await x.data()` in place of `x.dataSync()`, " +
          "and read them before another backend takes over.",
        { cause },
      );
    }
  };
}
