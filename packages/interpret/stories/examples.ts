import { digits, toFloat } from "@pellucid/datasets";

/** A digit that the net has not seen in training: 64 numbers from 0 to 1. */
export interface Example {
  readonly pixels: Float32Array;
  /** What it is; of what a visitor drew, nobody has said. */
  readonly label: number | null;
}

/** The first unseen example of each digit, from 0 to 9. */
export async function examples(): Promise<Example[]> {
  const { images, labels } = toFloat((await digits()).test);
  return Array.from({ length: 10 }, (_, label) => {
    const at = Array.from(labels.data).indexOf(label);
    return { pixels: Float32Array.from(images.data.subarray(64 * at, 64 * (at + 1))), label };
  });
}
