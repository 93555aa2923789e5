import type { Candidate } from "./candidate/candidate.ts";
import { cpu } from "./candidate/cpu.ts";
import { wasm } from "./candidate/wasm.ts";
import { webgl } from "./candidate/webgl.ts";
import { webgpu } from "./candidate/webgpu.ts";

/** What is tried, best first. The last works everywhere. */
export const candidates: { readonly browser: readonly Candidate[]; readonly node: readonly Candidate[] } = {
  browser: [webgpu, webgl, wasm, cpu],
  node: [wasm, cpu],
};
