import type { Candidate } from "../candidate/candidate.ts";
import { cpu } from "../candidate/cpu.ts";
import { wasm } from "../candidate/wasm.ts";
import { cuda, native } from "./tensorflow.ts";
import { webgpu } from "./webgpu.ts";

/** The backends to try in Node, best first. `native` is TensorFlow on the CPU; `cpu` is plain JavaScript, which always works. */
export const candidates: readonly Candidate[] = [cuda, webgpu, native, wasm, cpu];
