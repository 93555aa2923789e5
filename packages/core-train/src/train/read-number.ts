import { Tensor } from "@tensorflow/tfjs-core";

/** Reads a tensor of one number, which it frees. */
export async function readNumber(x: Tensor | number): Promise<number> {
  if (!(x instanceof Tensor)) return x;
  try {
    return (await x.data())[0] ?? NaN;
  } finally {
    x.dispose();
  }
}
