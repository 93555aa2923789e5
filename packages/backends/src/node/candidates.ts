import type { Candidate } from "../candidate/candidate.ts";
import { cpu } from "../candidate/cpu.ts";
import { wasm } from "../candidate/wasm.ts";
import { cuda, native } from "./tensorflow.ts";
import { webgpu } from "./webgpu.ts";

/** What is tried in Node, best first. The last works everywhere. */
export const candidates: readonly Candidate[] = [cuda, webgpu, native, wasm, cpu];
