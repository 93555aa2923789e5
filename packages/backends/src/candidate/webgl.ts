import { activate } from "./activate.ts";
import { type Candidate, Unavailable } from "./candidate.ts";

/** The GPU through WebGL 2; needs `@tensorflow/tfjs-backend-webgl`. */
export const webgl: Candidate = {
  name: "webgl",
  async start({ forced }) {
    if (typeof OffscreenCanvas === "undefined") throw new Unavailable("this browser has no OffscreenCanvas");
    const context = new OffscreenCanvas(1, 1).getContext("webgl2");
    if (!context) throw new Unavailable("this browser has no WebGL 2");
    const gpu = nameOf(context);
    context.getExtension("WEBGL_lose_context")?.loseContext(); // a page may hold only a few
    if (!forced && /swiftshader|llvmpipe|software|basic render/i.test(gpu)) {
      throw new Unavailable(`its GPU (${gpu}) is a software renderer, slower than WASM`);
    }
    try {
      await import("@tensorflow/tfjs-backend-webgl");
    } catch (cause) {
      throw new Unavailable("@tensorflow/tfjs-backend-webgl is not installed", { cause });
    }
    await activate("webgl");
    return { gpu };
  },
};

function nameOf(context: WebGL2RenderingContext): string {
  const { UNMASKED_RENDERER_WEBGL } = context.getExtension("WEBGL_debug_renderer_info") ?? {};
  return `${context.getParameter(UNMASKED_RENDERER_WEBGL ?? context.RENDERER)}`;
}
