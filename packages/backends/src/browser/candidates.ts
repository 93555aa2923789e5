import type { Candidate } from "../candidate/candidate.ts";
import { cpu } from "../candidate/cpu.ts";
import { wasm } from "../candidate/wasm.ts";
import { webgl } from "../candidate/webgl.ts";
import { webgpu } from "./webgpu.ts";

/** What is tried in a page or a web worker, best first. The last works everywhere. */
export const candidates: readonly Candidate[] = [webgpu, webgl, wasm, cpu];
