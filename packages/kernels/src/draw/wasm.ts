import type { FastDraws } from "@pellucid/core-train/ops";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { KernelFunc } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { Heap } from "../wasm/heap.ts";
import { instanceIn } from "../wasm/module.ts";

/** The numbers that are drawn at a time: few enough for a processor's caches. A multiple of 16. */
const CHUNK = 8192;

/** The draws of the core's generator, in lanes. */
export const draws: readonly WasmKernel[] = [
  {
    kernelName: "PellucidDraws",
    make: () => (call) => drawsIn(call.backend as BackendWasm) as unknown as ReturnType<KernelFunc>, // as PellucidRecorder, no tensor
  },
];

function drawsIn(backend: BackendWasm): FastDraws {
  const { functions, memory } = instanceIn(backend);
  const move = (
    words: Int32Array,
    position: number,
    size: number,
    body: (state: number, y: number) => void,
  ) => {
    let end = position;
    new Heap(backend).borrow({ state: Int32Array.of(...words, position), y: 4 * size }, ({ state, y }) => {
      body(state, y);
      const state32 = new Int32Array(memory.buffer, state, words.length + 1);
      words.set(state32.subarray(0, words.length));
      end = state32[words.length] ?? position;
    });
    return end;
  };
  const fill = (data: Float32Array, y: number, draw: (count: number) => void, chunk = CHUNK) => {
    for (let start = 0; start < data.length; start += chunk) {
      const count = Math.min(chunk, data.length - start);
      draw(count);
      data.set(new Float32Array(memory.buffer, y, count), start);
    }
  };
  return {
    skip: (words, position, count) =>
      move(words, position, 0, (state) => functions.skipDraws({ state, count })),
    uniform: (words, position, data, from, width) =>
      move(words, position, CHUNK, (state, y) =>
        fill(data, y, (count) => functions.drawUniform({ state, y, count, from, width })),
      ),
    bernoulli: (words, position, data, bound, one) => {
      const [high, low] = [Math.floor(bound / 2 ** 32), (bound % 2 ** 32) | 0];
      const draw = (state: number, y: number) => (count: number) =>
        functions.drawBernoulli({ state, y, count, high, low, one });
      return move(words, position, CHUNK, (state, y) => fill(data, y, draw(state, y), CHUNK / 2));
    },
    normal: (words, position, data, mean, std) =>
      move(words, position, CHUNK, (state, y) =>
        fill(data, y, (count) => functions.drawNormal({ state, y, count, mean, std })),
      ),
  };
}
