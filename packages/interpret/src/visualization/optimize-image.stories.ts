import { Rng } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { add, mul, neg, slice, type Tensor1D, type Tensor4D, tensor4d, tidy } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { scoreOf, take } from "../../stories/measures.ts";
import type { Subject } from "../../stories/nets/subject.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { classScore } from "../score/class-score.ts";
import { curves } from "../draw/curves.ts";
import { picture } from "../draw/picture.ts";
import { optimizeImage } from "./optimize-image.ts";
import { totalVariation } from "./total-variation.ts";

interface Args {
  steps: number;
  roughness: number;
  jitter: number;
  basis: "pixels" | "waves";
  seed: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Feature visualization/Class visualization",
  argTypes: {
    steps: range(10, 400, 10),
    roughness: range(0, 0.2, 0.01),
    jitter: range(0, 4),
    basis: choice(["pixels", "waves"]),
    seed: range(0, 9),
    net: controls.net,
  },
  args: { steps: 100, roughness: 0.02, jitter: 1, basis: "pixels", seed: 0, net: "mnist" },
  render: ({ steps, roughness, jitter, basis, seed, net }, { id }) =>
    lab(
      {
        question: "Which image maximizes the score of this class?",
        formula:
          "max over x of score(x) − λ Σ |neighbors' difference|, from noise, by Adam, shifted at random before each look   (Simonyan et al., 2014, section 2; Olah et al., 2017)",
        caveats:
          "It is what the net would like, not what it has seen: such pictures are in no data set. What holds them together (little roughness, shifts, slow waves) is our taste, not the net's.",
        net,
        code: (
          { shape },
          name,
        ) => `import { classScore, optimizeImage, totalVariation } from "@pellucid/interpret";
import { exampleOf, picture, readValues } from "@pellucid/interpret/draw";
import { add, mul, neg, type Tensor1D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

const score = classScore<Tensor4D>(net, target); // of ${name}
const loss = (x: Tensor4D) => tidy(() => add<Tensor1D>(neg(score(x)), mul(totalVariation(x), ${roughness})));
const start = [1, ${shape.join(", ")}] as const;
const options = { rng: new Rng(${seed}), start, steps: ${steps}, basis: "${basis}", jitter: ${jitter}, bounded: true } as const;
const wanted = await optimizeImage(loss, options);
document.body.append(picture(exampleOf(await readValues(wanted)), { title: "The ${name} it likes best" }));`,
        run: async ({ subject, net: model, image, pixels, target, name, signal, onProgress, show }) => {
          const score = classScore<Tensor4D>(model, target);
          const loss = (x: Tensor4D) =>
            tidy(() => add<Tensor1D>(neg(score(x)), mul(totalVariation(x), roughness)));
          const values: number[] = [];
          const { shape } = subject;
          const wanted = await optimizeImage(loss, {
            rng: new Rng(seed),
            start: [1, ...shape],
            steps,
            basis,
            jitter,
            bounded: true,
            signal,
            onStep: (step, value, at) => {
              values.push(-value);
              onProgress(step + 1, steps);
              if (step % 20 === 0)
                show(picture({ data: at.dataSync(), shape }, { title: `Step ${step}`, width: 224 }));
            },
          });
          const best = await bestOf(subject, target);
          const reached = await scoreOf(score, wanted);
          const made = await take(wanted);
          return {
            pictures: [
              picture({ data: made, shape }, { title: `The ${name} it likes best`, width: 224 }),
              picture({ data: pixels, shape }, { title: `A ${name} that it gets`, width: 224 }),
              curves({ score: values }, { title: "The score rises", yLabel: "score − roughness" }),
            ],
            facts: { reached, best, given: await scoreOf(score, image), start: values[0] as number },
            answer: `The made picture has ${reached.toFixed(1)} points for ${name}; the best of the unseen ones has ${best.toFixed(1)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** What 3 does the net like best? One that is more of a 3 to it than any that it gets. */
export const AThree: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["reached"]).toBeGreaterThan(Number(facts["best"]));
    await expect(leaked).toBe(0);
  },
};

/** And what star, in slow waves of color? */
export const AStar: Story = {
  ...AThree,
  args: { net: "shapes", basis: "waves", steps: 60, roughness: 0 },
};

/** The highest score of an unseen picture. */
async function bestOf({ unseen, shape, model }: Subject, target: number): Promise<number> {
  const { x } = (await unseen()).gather(Int32Array.from({ length: 100 }, (_, i) => i));
  const images = tensor4d(x.data, [100, ...shape]);
  const scores = await take(tidy(() => slice(model.forward(images), [0, target], [-1, 1])));
  images.dispose();
  return Math.max(...scores);
}
