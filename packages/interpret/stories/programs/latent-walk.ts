import { Rng } from "@pellucid/core-train";
import { digits } from "@pellucid/datasets";
import { pictures as drawPictures } from "@pellucid/interpret/draw";
import { reshape, sigmoid, type Tensor2D, tensor2d, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { take } from "../measures.ts";
import { generativeNet } from "../nets/generative-nets.ts";
import { subject } from "../nets/subjects.ts";

export interface Options {
  /** The digit to start from. */
  readonly from: number;
  /** The digit to end at. */
  readonly to: number;
  readonly steps: number;
  /** The number of a code that is varied. */
  readonly feature: number;
  readonly seed: number;
}

export const options: Options = { from: 4, to: 9, steps: 9, feature: 0, seed: 0 };

export async function program({ from, to, steps, feature, seed }: Options) {
  const { model: classifier } = await subject("digits");
  const { test } = await digits();
  const vae = await generativeNet("digits-vae");
  const codes = await take(tidy(() => vae.encode(pixels(test.images.data)).mean)); // [450, 8]
  const codeOf = (i: number) => Array.from(codes.subarray(8 * i, 8 * i + 8));
  const ofDigit = (digit: number) =>
    Array.from(test.labels.data.keys()).filter((i) => test.labels.data[i] === digit);
  const meanOf = (digit: number) => average(ofDigit(digit).map(codeOf));

  /** The images of codes, and what a classifier that knows nothing of the codes says of each. */
  const decode = async (rows: readonly (readonly number[])[]) => {
    const images = tidy(
      () => reshape(sigmoid(vae.decode(tensor2d(rows.map((row) => [...row])))), [-1, 8, 8, 1]) as Tensor4D,
    );
    const logits = await take(tidy(() => classifier.forward(images)));
    const data = await take(images);
    const says = rows.map((_, i) => largest(logits.subarray(10 * i, 10 * i + 10)));
    return { images: { data, shape: [rows.length, 8, 8, 1] }, says };
  };
  const draws = (title: string, { images, says }: Awaited<ReturnType<typeof decode>>, columns: number) =>
    drawPictures(images, { title, labels: says.map(String), each: 56, columns });

  try {
    const share = (i: number) => i / (steps - 1);
    const walk = await decode(
      Array.from({ length: steps }, (_, i) => between(meanOf(from), meanOf(to), share(i))),
    );
    const spread = (row: readonly number[], amount: number) =>
      row.map((v, i) => (i === feature ? amount : v));
    const [start] = ofDigit(from);
    const varied = await decode(
      Array.from({ length: steps }, (_, i) => spread(codeOf(start as number), -3 + 6 * share(i))),
    );
    const apart = meanOf(to).map((v, i) => v - (meanOf(from)[i] as number));
    const few = ofDigit(from).slice(0, steps).map(codeOf);
    const moved = await decode([...few, ...few.map((row) => row.map((v, i) => v + (apart[i] as number)))]);
    const noise = new Rng(seed).randn([2 * steps, 8]).data;
    const fresh = await decode(
      Array.from({ length: 2 * steps }, (_, i) => Array.from(noise.subarray(8 * i, 8 * i + 8))),
    );
    return {
      pictures: [
        draws(`From the mean code of ${from} to that of ${to}, and what a classifier says`, walk, steps),
        draws(`The first ${from}, as number ${feature} of its code goes from −3 to 3`, varied, steps),
        draws(`Different ${from}s, and each plus the mean ${to} minus the mean ${from}`, moved, few.length),
        draws("Codes from the standard normal distribution", fresh, steps),
      ],
      walk: walk.says,
      arithmetic: moved.says.slice(few.length),
    };
  } finally {
    vae.dispose();
  }
}

const pixels = (data: Uint8Array): Tensor2D =>
  tensor2d(
    Float32Array.from(data, (v) => v / 16),
    [data.length / 64, 64],
  );
const between = (a: readonly number[], b: readonly number[], share: number) =>
  a.map((v, i) => v + share * ((b[i] as number) - v));
const largest = (values: Float32Array) => values.indexOf(Math.max(...values));
const average = (rows: readonly (readonly number[])[]) =>
  rows.reduce(
    (sum, row) => sum.map((v, i) => v + (row[i] as number) / rows.length),
    new Array<number>(8).fill(0),
  );
