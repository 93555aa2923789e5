import type { DigitsCnn } from "@pellucid/cnn";
import { classScore, hiResCam } from "@pellucid/interpret";
import { exampleOf, overlay, readValues } from "@pellucid/interpret/draw";
import { tensor4d } from "@tensorflow/tfjs-core";

/** What the net reads in 8 × 8 numbers from 0 to 1, and a picture of where it sees it. */
export async function readDigit(net: DigitsCnn, pixels: Float32Array): Promise<Element> {
  const image = tensor4d(pixels, [1, 8, 8, 1]);
  const logits = net.forward(image); // [1, 10]
  const values = Array.from(await logits.data());
  const digit = values.indexOf(Math.max(...values));
  const map = hiResCam(classScore(net, digit), net.conv2)(image);
  const where = exampleOf(await readValues(map));
  for (const tensor of [image, logits, map]) tensor.dispose();
  return overlay({ data: pixels, shape: [8, 8, 1] }, where, { title: `Where it sees a ${digit}` });
}
