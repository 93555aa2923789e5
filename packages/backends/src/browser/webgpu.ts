import { type Candidate, Unavailable } from "../candidate/candidate.ts";
import { startWebgpu } from "../candidate/start-webgpu.ts";

/** The GPU through WebGPU; needs `@tensorflow/tfjs-backend-webgpu`. */
export const webgpu: Candidate = {
  name: "webgpu",
  async start({ forced }) {
    const gpu = globalThis.navigator?.gpu;
    if (!gpu) {
      throw new Unavailable(
        "there is no navigator.gpu: this browser, or a page without https, has no WebGPU",
      );
    }
    return startWebgpu(gpu, forced);
  },
};
