import { Rng } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab, type Work } from "../../stories/lab.ts";
import { take } from "../../stories/measures.ts";
import { randomFilters } from "../../stories/random-filters.ts";
import { texture, type TextureName, textures } from "../../stories/textures.ts";
import { picture } from "../draw/picture.ts";
import { growTexture } from "./grow-texture.ts";
import { optimizeImage } from "../visualization/optimize-image.ts";
import { quiltTexture } from "./quilt-texture.ts";
import { styleDistance } from "./style-distance.ts";

interface Args {
  method: keyof typeof methods;
  texture: TextureName;
  window: number;
  steps: number;
  seed: number;
}

const methods = {
  grow: "each pixel = that of the sample whose known surroundings are nearest   (Efros and Leung, 1999)",
  quilt:
    "each patch = one of the sample's that fits where they overlap, cut along the line of least difference   (Efros and Freeman, 2001)",
  gram: "min over x of Σ over layers mean (G(x) − G(sample))²,  G = Σ over places of F Fᵀ, F of random filters of four sizes   (Gatys et al., 2015; Ustyuzhaninov et al., 2016)",
} as const;

const meta: Meta<Args> = {
  title: "Style/Texture synthesis",
  argTypes: {
    method: choice(Object.keys(methods)),
    texture: choice(Object.keys(textures)),
    window: range(3, 15, 2),
    steps: range(20, 400, 20),
    seed: range(0, 9),
  },
  args: { method: "quilt", texture: "bricks", window: 11, steps: 200, seed: 0 },
  render: ({ method, texture: name, window, steps, seed }, { id }) =>
    lab(
      {
        question: "How can a texture be extended?",
        formula: methods[method],
        caveats:
          "Growing and quilting copy pixels of the sample, so a small sample repeats, and structures larger than the neighborhood or patch are lost. Matching Gram matrices makes new pixels, with the statistics that the net sees and no others.",
        nets: [],
        about: "net",
        code: () => `import { useBackend } from "@pellucid/backends";
import { exampleOf, picture, readValues } from "@pellucid/interpret/draw";
import { tensor4d } from "@tensorflow/tfjs-core";
import { texture } from "./textures.ts";

await useBackend();
const { data, shape } = texture("${name}"); // [32, 32, 3], from 0 to 1
const sample = tensor4d(data, [1, ...shape]);
${programs[method]({ window, steps, seed })}
document.body.append(picture(exampleOf(await readValues(more)), { title: "More of it" }));`,
        run: async ({ signal, onProgress, show }) => {
          const { data, shape } = texture(name);
          const sample = tensor4d(data, [1, ...shape]);
          const size = method === "gram" ? 32 : 48;
          const rng = new Rng(seed);
          try {
            const options = { rng, size: [size, size] as const, signal, onProgress };
            const made =
              method === "grow"
                ? await growTexture(sample, { ...options, window })
                : method === "quilt"
                  ? await quiltTexture(sample, { ...options, patch: Math.max(8, window + 5) })
                  : await byGram(sample, { rng, steps, signal, onProgress, show });
            const noise = tensor4d(new Rng(7).rand([1, 32, 32, 3]).data, [1, 32, 32, 3]);
            const far = await distances(sample, [made, noise]);
            noise.dispose();
            const values = await take(made);
            const own = new Set(pixels(data));
            const copied = pixels(values).filter((one) => own.has(one)).length / (size * size);
            return {
              pictures: [
                picture({ data, shape }, { title: "The sample", width: 192 }),
                picture({ data: values, shape: [size, size, 3] }, { title: "More of it", width: 6 * size }),
              ],
              facts: { copied, far: far[0] as number, noise: far[1] as number },
              answer: `${Math.round(100 * copied)} % of its pixels are the sample's. To random filters it is ${((far[0] as number) / (far[1] as number)).toPrecision(2)} times as far from the sample as noise is.`,
            };
          } finally {
            sample.dispose();
          }
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Quilting extends a brick wall. */
export const QuiltedBricks: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["copied"]).toBe(1);
    await expect(facts["far"]).toBeLessThan(0.1 * Number(facts["noise"]));
    await expect(leaked).toBe(0);
  },
};

/** And grow spots pixel by pixel? */
export const GrownSpots: Story = {
  ...QuiltedBricks,
  args: { method: "grow", texture: "spots", window: 11 },
};

/** And waves from noise, by nothing but what random filters see of them? */
export const WavesByGramMatrix: Story = {
  args: { method: "gram", texture: "waves" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["far"]).toBeLessThan(0.05 * Number(facts["noise"]));
    await expect(leaked).toBe(0);
  },
};

const programs: Readonly<
  Record<keyof typeof methods, (of: Pick<Args, "window" | "steps" | "seed">) => string>
> = {
  grow: ({ window, seed }) => `import { Rng } from "@pellucid/core-train";
import { growTexture } from "@pellucid/interpret";
const more = await growTexture(sample, { rng: new Rng(${seed}), size: [48, 48], window: ${window} });`,
  quilt: ({ window, seed }) => `import { Rng } from "@pellucid/core-train";
import { quiltTexture } from "@pellucid/interpret";
const more = await quiltTexture(sample, { rng: new Rng(${seed}), size: [48, 48], patch: ${Math.max(8, window + 5)} });`,
  gram: ({ steps, seed }) => `import { Rng } from "@pellucid/core-train";
import { optimizeImage, styleDistance } from "@pellucid/interpret";
import { randomFilters } from "./random-filters.ts";

const { layers, run: look } = randomFilters(); // 24 each of sizes 3, 5, 7 and 11, never trained
const { loss } = styleDistance(look, layers, [{ image: sample, weight: 1e5 }]);
const rng = new Rng(${seed});
const start = tensor4d(rng.rand([1, 32, 32, 3]).data, [1, 32, 32, 3]);
const more = await optimizeImage(loss, { rng, start, steps: ${steps}, learningRate: 0.1, bounded: true });`,
};

async function byGram(
  sample: Tensor4D,
  {
    rng,
    steps,
    signal,
    onProgress,
    show,
  }: Pick<Work, "signal" | "onProgress" | "show"> & { rng: Rng; steps: number },
): Promise<Tensor4D> {
  const { layers, run, dispose } = randomFilters();
  const style = styleDistance(run, layers, [{ image: sample, weight: 1e5 }]);
  const start = tensor4d(rng.rand([1, 32, 32, 3]).data, [1, 32, 32, 3]);
  try {
    return await optimizeImage(style.loss, {
      rng,
      start,
      steps,
      learningRate: 0.1,
      bounded: true,
      signal,
      onStep: (step, _, at) => {
        onProgress(step + 1, steps);
        if (step % 20 === 0)
          show(picture({ data: at.dataSync(), shape: [32, 32, 3] }, { title: `Step ${step}`, width: 192 }));
      },
    });
  } finally {
    start.dispose();
    style.dispose();
    dispose();
  }
}

/** How far pictures are from the sample, to the random filters. */
async function distances(sample: Tensor4D, pictures: readonly Tensor4D[]): Promise<number[]> {
  const { layers, run, dispose } = randomFilters();
  const style = styleDistance(run, layers, [{ image: sample, weight: 1e5 }]);
  const found: number[] = [];
  for (const image of pictures) found.push((await take(style.loss(image)))[0] as number);
  style.dispose();
  dispose();
  return found;
}

function pixels(data: Float32Array): string[] {
  return Array.from({ length: data.length / 3 }, (_, i) => data.slice(3 * i, 3 * i + 3).join());
}
