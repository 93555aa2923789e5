import { Rng } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { type Tensor2D, tensor2d, tensor4d, tidy } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { someCode } from "../../stories/some-code.ts";
import { choice, controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { percent } from "../../stories/on-ink.ts";
import type { Subject } from "../../stories/nets/subject.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { scatter } from "../draw/scatter.ts";
import { mapStability } from "./map-stability.ts";
import { pca } from "./pca.ts";
import { tsne } from "./tsne.ts";
import { umap } from "./umap.ts";

interface Args {
  of: "hidden features" | "noise";
  method: "tsne" | "umap";
  seeds: number;
  steps: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Embedding/Stability over seeds",
  argTypes: {
    of: choice(["hidden features", "noise"]),
    method: choice(["tsne", "umap"]),
    seeds: range(2, 6),
    steps: range(100, 500, 50),
    net: controls.net,
  },
  args: { of: "hidden features", method: "tsne", seeds: 3, steps: 200, net: "digits" },
  render: ({ of, method, seeds, steps, net }, { id }) =>
    lab(
      {
        question: "Would another seed give another map?",
        formula:
          "agreement = how many of a point's 15 nearest on one map are among its 15 nearest on another; maps are laid on each other by Procrustes: min over s, R, t of ‖A − s B R − t‖   (Schönemann, 1966)",
        caveats:
          "Agreement between seeds does not make a map faithful: all maps may be distorted in the same way, which trustworthiness and continuity show. Groups may change positions although their neighborhoods stay the same.",
        net,
        about: "net",
        code: ({ shape, featuresCode }) => `import { mapStability, ${method} } from "@pellucid/interpret";
import { readValues, scatter } from "@pellucid/interpret/draw";
${someCode(150, shape)}
${
  of === "noise"
    ? `import { tensor2d } from "@tensorflow/tfjs-core";
const given = tensor2d(new Rng(9).randn([150, 30]).data, [150, 30]);`
    : `import { pca } from "@pellucid/interpret";
${featuresCode}
const given = (await pca(features(some), 30)).embedding;`
}
const maps = [];
for (let seed = 0; seed < ${seeds}; seed++)
  maps.push(${method === "tsne" ? `(await tsne(given, { rng: new Rng(seed), perplexity: 15, steps: ${steps} })).embedding` : `await umap(given, { rng: new Rng(seed), steps: ${steps} })`});
const { agreementOfEach, aligned } = await mapStability(maps);
const agreed = { amounts: agreementOfEach, amountLabel: "share of the nearest that come out again" };
const [first, second] = [await readValues(maps[0]!), { data: aligned[0]!, shape: [150, 2] }];
document.body.append(scatter(first, { title: "Where the seeds agree", classes: labels, ...agreed }));
document.body.append(scatter(second, { title: "The second seed's map, laid on the first", classes: labels }));`,
        run: async ({ subject, signal, onProgress }) => {
          const { x, y } = (await subject.unseen()).gather(Int32Array.from({ length: 150 }, (_, i) => i));
          const labels = Array.from(y.data);
          const features =
            of === "noise"
              ? tensor2d(new Rng(9).randn([150, 30]).data, [150, 30])
              : await hidden({ x: x.data, subject });
          const maps: Tensor2D[] = [];
          try {
            for (let seed = 0; seed < seeds; seed++) {
              const rng = new Rng(seed);
              const onStep = (step: number) => onProgress(seed * steps + step + 1, seeds * steps);
              maps.push(
                method === "umap"
                  ? await umap(features, { rng, steps, signal, onStep })
                  : (await tsne(features, { rng, perplexity: 15, steps, signal, onStep })).embedding,
              );
            }
            const found = await mapStability(maps, { signal });
            const first = await (maps[0] as Tensor2D).data();
            const agreement = found.neighborhoodAgreement;
            const believed = agreement > 0.5;
            const uniform = 15 / 149;
            const sameAs = found.procrustes.reduce((a, b) => a + b, 0) / found.procrustes.length;
            return {
              pictures: [
                scatter(
                  { data: first, shape: [150, 2] },
                  {
                    title: "Where the seeds agree",
                    classes: labels,
                    amounts: found.agreementOfEach,
                    amountLabel: "share of the nearest that come out again",
                  },
                ),
                scatter(
                  { data: found.aligned[0] as Float64Array, shape: [150, 2] },
                  { title: "The second seed's map, laid on the first", classes: labels },
                ),
              ],
              facts: { agreement, uniform, procrustes: sameAs },
              answer: `${percent(agreement)} of the nearest on one map are among the nearest on another (by chance ${percent(uniform)}); laid on each other the maps differ by ${percent(sameAs)}.`,
              verdict: {
                passed: believed,
                says: believed
                  ? "The neighborhoods come from the data, not from the seed."
                  : "Half of the neighborhoods and more are the seed's.",
              },
            };
          } finally {
            for (const map of [features, ...maps]) map.dispose();
          }
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Would another seed give another map of what the net makes of digits? Positions change, neighborhoods do not. */
export const OfTsne: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["agreement"]).toBeGreaterThan(0.6);
    await expect(leaked).toBe(0);
  },
};

/** And of noise, in which there is nothing to find? Groups are seen there too, others each time. */
export const OfNoise: Story = {
  args: { of: "noise" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["agreement"]).toBeLessThan(0.5);
    await expect(leaked).toBe(0);
  },
};

/** And UMAP, which starts at principal components and draws only its pushes? */
export const OfUmap: Story = { ...OfTsne, args: { method: "umap" } };

/** The first 30 principal components of what goes into the last linear layer. */
async function hidden({
  x,
  subject,
}: {
  readonly x: Float32Array;
  readonly subject: Subject;
}): Promise<Tensor2D> {
  const images = tensor4d(x, [150, ...subject.shape]);
  const features = tidy(() => subject.features(images));
  images.dispose();
  const { embedding, components } = await pca(features, 30);
  for (const rest of [features, components]) rest.dispose();
  return embedding;
}
