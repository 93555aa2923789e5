import { drawnDigits } from "../../../interpret/stories/drawn-digits.ts";

/** Ten ready-made drawings, one of each digit. */
export function readyDigits(): readonly Float32Array[] {
  const { images } = drawnDigits(10);
  return Array.from({ length: 10 }, (_, i) => Float32Array.from(images.data.slice(784 * i, 784 * (i + 1))));
}
