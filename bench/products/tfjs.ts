import "@tensorflow/tfjs-backend-wasm";
import { enableProdMode, matMul, setBackend, tensor2d } from "@tensorflow/tfjs-core";
import type { Step } from "../contestant.ts";
import { workOf } from "./work.ts";

/** tfjs without our kernels. */
export async function prepare(text: string): Promise<Step> {
  enableProdMode();
  await setBackend("wasm");
  const { size, transposeA, transposeB, ...work } = workOf(text);
  const [a, b] = [tensor2d(work.a, [size, size]), tensor2d(work.b, [size, size])];
  return async () => {
    const c = matMul(a, b, transposeA, transposeB);
    const [first = NaN] = await c.data();
    c.dispose();
    return first;
  };
}
