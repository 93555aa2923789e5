import { capture, Rng } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { add, mul, type Tensor, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { correlation, take } from "../../stories/measures.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { picture } from "../draw/picture.ts";
import { featureDistance } from "./feature-distance.ts";
import { optimizeImage } from "./optimize-image.ts";
import { totalVariation } from "./total-variation.ts";

interface Args {
  steps: number;
  roughness: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Feature visualization/Feature inversion",
  argTypes: { steps: range(20, 400, 20), roughness: range(0, 0.001, 0.00005), net: controls.net },
  args: { steps: 120, roughness: 0.0001, net: "shapes" },
  render: ({ steps, roughness, net }, { id }) =>
    lab(
      {
        question: "How much of the image can be reconstructed from each layer?",
        formula:
          "min over x of ‖φ(x) − φ(x₀)‖² / ‖φ(x₀)‖² + λ Σ |neighbors' difference|, from noise   (Mahendran and Vedaldi, 2015, equation 2)",
        caveats:
          "What is not found again may still be known: the search stops early, and gets stuck. What holds the picture together where the layer says nothing is our wish for little roughness.",
        net,
        code: ({ layers, shape }) => `import { capture } from "@pellucid/core-train";
import { featureDistance, optimizeImage, totalVariation } from "@pellucid/interpret";
import { exampleOf, picture, readValues } from "@pellucid/interpret/draw";
import { add, mul, type Tensor1D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

const { ${Object.keys(layers).join(", ")} } = net;
const run = (x: Tensor4D) => net.forward(x);
for (const [path, layer] of Object.entries({ ${Object.keys(layers).join(", ")} })) {
  const far = featureDistance(run, layer, tidy(() => capture(layer, () => run(images))));
  const loss = (x: Tensor4D) => tidy(() => add<Tensor1D>(far(x), mul(totalVariation(x), ${roughness})));
  const start = [1, ${shape.join(", ")}] as const;
  const options = { rng: new Rng(0), start, steps: ${steps}, bounded: true, learningRate: 0.1 };
  const found = await optimizeImage(loss, options);
  document.body.append(picture(exampleOf(await readValues(found)), { title: \`Found again from \${path}\` }));
}`,
        run: async ({ subject, net: model, image, pixels, name, signal, onProgress, show }) => {
          const { shape, layers } = subject;
          const drawn = [picture({ data: pixels, shape }, { title: `A ${name}`, width: 160 })];
          const similarity: number[] = [];
          const paths = Object.keys(layers);
          for (const [i, [path, layer]] of Object.entries(layers).entries()) {
            const run = (x: Tensor4D) => model.forward(x);
            const target: Tensor = tidy(() => capture(layer, () => run(image)));
            try {
              const far = featureDistance(run, layer, target);
              const loss = (x: Tensor4D) => tidy(() => add(far(x), mul(totalVariation(x), roughness)));
              const found = await optimizeImage(loss, {
                rng: new Rng(0),
                start: [1, ...shape],
                steps,
                bounded: true,
                learningRate: 0.1,
                signal,
                onStep: (step) => onProgress(i * steps + step + 1, paths.length * steps),
              });
              const data = await take(found);
              similarity.push(correlation(data, pixels));
              drawn.push(picture({ data, shape }, { title: `Found again from ${path}`, width: 160 }));
              show(...drawn);
            } finally {
              target.dispose();
            }
          }
          const [first, last] = [similarity[0] as number, similarity.at(-1) as number];
          return {
            pictures: drawn,
            facts: { first, last },
            answer: `Found again and given, pixels are correlated by ${similarity.map((r, i) => `${r.toFixed(2)} from ${paths[i]}`).join(", ")}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** How much of a star does each layer still know? The first all of it, the last that it is one. */
export const OfAShape: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["first"]).toBeGreaterThan(0.9);
    await expect(facts["last"]).toBeLessThan(Number(facts["first"]));
    await expect(leaked).toBe(0);
  },
};
