import { useBackend } from "@pellucid/backends";
import { matMul, tensor2d } from "@tensorflow/tfjs-core";
import type { Step } from "../contestant.ts";
import { workOf } from "./work.ts";

export async function prepare(text: string): Promise<Step> {
  await useBackend({ only: "wasm" });
  const { size, transposeA, transposeB, ...work } = workOf(text);
  const [a, b] = [tensor2d(work.a, [size, size]), tensor2d(work.b, [size, size])];
  return async () => {
    const c = matMul(a, b, transposeA, transposeB);
    const [first = NaN] = await c.data();
    c.dispose();
    return first;
  };
}
