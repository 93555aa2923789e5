import { defaultDevice, init, type Array as JaxArray, jit, numpy as np } from "@jax-js/jax";
import type { Step } from "../contestant.ts";
import { workOf } from "./work.ts";

export async function prepare(text: string): Promise<Step> {
  await init("wasm");
  defaultDevice("wasm");
  const { size, transposeA, transposeB, ...work } = workOf(text);
  const a = np.array(work.a).reshape([size, size]);
  const b = np.array(work.b).reshape([size, size]);
  const product = jit((x: JaxArray, y: JaxArray) =>
    np.matmul(transposeA ? x.transpose() : x, transposeB ? y.transpose() : y),
  );
  return async () => {
    const [first = NaN] = (await product(a.ref, b.ref).data()) as Float32Array;
    return first;
  };
}
