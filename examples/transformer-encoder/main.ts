// The encoder of the course notes (6 layers, 512 features, 8 heads, 2048 within), on the backends that are named: how long, and do they agree?
//   node main.ts wasm webgpu cpu
import { parseArgs } from "node:util";
import { type BackendName, useBackend } from "@pellucid/backends";
import { Rng } from "@pellucid/core-train";
import { SinusoidalPositions, TransformerEncoder } from "@pellucid/transformer";
import { type Tensor3D, tensor3d, tidy } from "@tensorflow/tfjs-core";

/** How large the encoder and its input are; the defaults are those of the notes. */
export interface EncoderOptions {
  readonly backends?: readonly BackendName[];
  readonly batch?: number;
  readonly time?: number;
  readonly dModel?: number;
  readonly heads?: number;
  readonly layers?: number;
  readonly dimFeedforward?: number;
}

/** What one backend gave. */
export interface EncoderRun {
  readonly backend: string;
  readonly seconds: number;
  /** The greatest distance from what the first backend gave. */
  readonly apart: number;
}

/** Runs the same encoder on the same input everywhere, from one seed. */
export async function main(options: EncoderOptions = {}): Promise<readonly EncoderRun[]> {
  const { backends = ["wasm"], batch = 32, time = 100, dModel = 512 } = options;
  const { heads = 8, layers = 6, dimFeedforward = 2048 } = options;
  const runs: EncoderRun[] = [];
  let first: Float32Array | null = null;
  for (const only of backends) {
    const { chosen } = await useBackend({ only });
    const rng = new Rng(0);
    const positions = new SinusoidalPositions(dModel, { rng });
    const encoder = new TransformerEncoder(dModel, heads, layers, { rng, dimFeedforward });
    const { data } = rng.randn([batch, time, dModel]);
    const x: Tensor3D = tensor3d(data, [batch, time, dModel]);
    const run = () => tidy(() => encoder.forward(positions.forward(x))); // [batch, time, feature]
    const began = performance.now();
    const y = run();
    const values = (await y.data()) as Float32Array;
    const seconds = (performance.now() - began) / 1000;
    first ??= values;
    let apart = 0;
    for (const [i, value] of values.entries()) apart = Math.max(apart, Math.abs(value - (first[i] ?? 0)));
    runs.push({ backend: chosen, seconds, apart });
    for (const made of [x, y, encoder, positions]) made.dispose();
  }
  return runs;
}

if (import.meta.main) {
  const { positionals } = parseArgs({ allowPositionals: true });
  const backends = positionals.length > 0 ? { backends: positionals as BackendName[] } : {};
  for (const { backend, seconds, apart } of await main(backends))
    console.log(
      `${backend}: ${seconds.toFixed(2)} s, apart from the first by at most ${apart.toExponential(1)}`,
    );
}
