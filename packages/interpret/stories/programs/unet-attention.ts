import { capture, Rng } from "@pellucid/core-train";
import { digits } from "@pellucid/datasets";
import { randomTensor } from "@pellucid/generative";
import { heatmap, pictures as sheet } from "@pellucid/interpret/draw";
import { type Tensor4D, tensor1d, type Tensor2D, tensor4d, tidy } from "@tensorflow/tfjs-core";
import { digitUnet, untrained } from "../nets/digit-unet.ts";

export interface Options {
  /** Which unseen digit. */
  readonly digit: number;
  /** The pixel whose attention is drawn. */
  readonly row: number;
  readonly column: number;
  readonly seed: number;
}

export const options: Options = { digit: 0, row: 3, column: 5, seed: 0 };

const [side, keys, times] = [8, 4, [2, 25, 50, 75, 95]] as const;

export async function program({ digit, row, column, seed }: Options) {
  const { net, diffusion } = await digitUnet();
  const random = untrained(new Rng(1));
  const { test } = await digits();
  const ink = Float32Array.from(test.images.data.subarray(64 * digit, 64 * (digit + 1)), (v) => v / 16);
  const x0 = tensor4d(
    ink.map((v) => 2 * v - 1),
    [1, side, side, 1],
  );
  const rng = new Rng(seed);
  const noise = randomTensor([1, side, side, 1], rng);
  try {
    /** Where one pixel takes its values from, `[head][pixel]`, and what it takes from the learned keys. */
    const mapsOf = async (of: typeof net, x: Tensor4D, time: number) => {
      const attention = of.downs[0]?.[2] ?? null;
      if (attention === null || !("weights" in attention))
        throw new RangeError("The first resolution has no attention between pixels.");
      const weights = tidy(() =>
        attention.weights(capture(attention.toQkv, () => of.forward({ x, time: tensor1d([time]) }))),
      ); // [1, head, pixel, 4 + pixel]
      const data = await weights.data();
      const [, heads, , width] = weights.shape;
      weights.dispose();
      return Array.from({ length: heads }, (_, head) => {
        const at = (head * side * side + row * side + column) * width;
        return { learned: sum(data.slice(at, at + keys)), map: data.slice(at + keys, at + width) };
      });
    };
    const noisy: Float32Array[] = [];
    const levels: number[] = [];
    const trained: { readonly onInk: number; readonly learned: number }[] = [];
    const maps: Float32Array[] = [];
    let control = NaN;
    const onInk = (map: ArrayLike<number>) =>
      sum(Array.from(map, (w, i) => ((ink[i] ?? 0) > 0.4 ? w : 0))) / sum(Array.from(map));
    for (const time of times) {
      const x = diffusion.qSample(x0, [time], noise) as Tensor4D;
      noisy.push(Float32Array.from(await x.data(), (v) => Math.min(Math.max((v + 1) / 2, 0), 1)));
      levels.push(diffusion.schedule.level(time).sigma);
      const found = await mapsOf(net, x, time);
      for (const { map } of found) maps.push(Float32Array.from(map));
      const shares = found.map(({ map }) => onInk(map));
      trained.push({
        onInk: Math.max(...shares),
        learned: sum(found.map(({ learned }) => learned)) / found.length,
      });
      if (time === times[0])
        control = Math.max(...(await mapsOf(random.net, x, time)).map(({ map }) => onInk(map)));
      x.dispose();
    }
    const heads = maps.length / times.length;
    const rows = [
      noisy,
      ...Array.from({ length: heads }, (_, head) => maps.filter((_map, i) => i % heads === head)),
    ];
    const data = new Float32Array(rows.length * times.length * 64);
    for (const [i, list] of rows.entries())
      for (const [k, values] of list.entries()) {
        const largest = i === 0 ? 1 : Math.max(...values);
        data.set(
          values.map((v) => v / largest),
          64 * (i * times.length + k),
        );
      }
    const labels = rows.flatMap((_, i) =>
      levels.map((sigma) => (i === 0 ? `σ ${sigma.toFixed(2)}` : `head ${i}`)),
    );
    const likeness = await likenessOfTimes(net);
    const pictures = [
      sheet(
        { data, shape: [rows.length * times.length, side, side, 1] },
        {
          title: `Where the pixel of row ${row + 1}, column ${column + 1} looks`,
          labels,
          each: 60,
          columns: times.length,
        },
      ),
      heatmap(
        { data: likeness.flat(), shape: [likeness.length, likeness.length] },
        {
          title: "How similar two time steps are to the network: cosine of what it makes of them",
          width: 256,
        },
      ),
    ];
    const share = Array.from(ink).filter((v) => v > 0.4).length / 64;
    return { pictures, trained, control, share, likeness };
  } finally {
    for (const held of [x0, noise, net, random.net]) held.dispose();
  }
}

/** The cosine of the time's features, less their mean, between any two steps. */
async function likenessOfTimes({
  timeMlp,
}: {
  timeMlp: { forward(time: ReturnType<typeof tensor1d>): unknown };
}) {
  const steps = Array.from({ length: 100 }, (_, i) => i);
  const features = tidy(() => timeMlp.forward(tensor1d(steps)) as Tensor2D); // [step, feature]
  const rows = await features.array();
  features.dispose();
  const mean = (rows[0] ?? []).map((_, k) => sum(rows.map((one) => one[k] ?? 0)) / rows.length);
  const centered = rows.map((one) => one.map((v, k) => v - (mean[k] ?? 0)));
  const dot = (a: readonly number[], b: readonly number[]) => sum(a.map((v, k) => v * (b[k] ?? 0)));
  return centered.map((a) => centered.map((b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))));
}

const sum = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((total, value) => total + value, 0);
