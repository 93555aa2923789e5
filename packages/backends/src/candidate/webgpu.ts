import { activate } from "./activate.ts";
import { type Candidate, Unavailable } from "./candidate.ts";

/** The GPU through WebGPU; needs `@tensorflow/tfjs-backend-webgpu`. */
export const webgpu: Candidate = {
  name: "webgpu",
  async start({ forced }) {
    const gpu = globalThis.navigator?.gpu;
    if (!gpu)
      throw new Unavailable(
        "there is no navigator.gpu: this browser, or a page without https, has no WebGPU",
      );
    const adapter = await gpu.requestAdapter();
    if (!adapter) throw new Unavailable("navigator.gpu has no adapter: no GPU that it can use");
    const { vendor, architecture } = adapter.info;
    if (!forced && isSoftware(adapter)) {
      throw new Unavailable(`its adapter (${vendor} ${architecture}) is made of software, slower than WASM`);
    }
    try {
      await import("@tensorflow/tfjs-backend-webgpu");
    } catch (cause) {
      throw new Unavailable("@tensorflow/tfjs-backend-webgpu is not installed", { cause });
    }
    await activate("webgpu");
    return { gpu: `${vendor} ${architecture}`.trim() };
  },
};

function isSoftware({ info }: GPUAdapter): boolean {
  return (
    info.isFallbackAdapter ||
    /swiftshader|llvmpipe|lavapipe/i.test(`${info.architecture} ${info.description}`)
  );
}
