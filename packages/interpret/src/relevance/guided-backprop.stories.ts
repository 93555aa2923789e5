import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { seeded } from "../../stories/measures.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { besides, perPixel } from "../../stories/pixel-map.ts";
import type { Attribution } from "../score/attribution.ts";
import { classScore } from "../score/class-score.ts";
import { curves } from "../draw/curves.ts";
import { deconvnet } from "./deconvnet.ts";
import { guidedBackprop } from "./guided-backprop.ts";
import { integratedGradients } from "../gradients/integrated-gradients.ts";
import { saliency } from "../gradients/saliency.ts";
import { sanityCheck } from "../evaluation/sanity-check.ts";
import type { Score } from "../score/score.ts";

const methods: Readonly<
  Record<string, { readonly tool: (score: Score) => Attribution<Tensor4D>; readonly formula: string }>
> = {
  guidedBackprop: {
    tool: guidedBackprop,
    formula: "∂score/∂x, where each ReLU passes on dy · [dy > 0] · [x > 0]   (Springenberg et al., 2015)",
  },
  deconvnet: {
    tool: deconvnet,
    formula: "∂score/∂x, where each ReLU passes on dy · [dy > 0]   (Zeiler and Fergus, 2014)",
  },
  saliency: { tool: saliency, formula: "∂score/∂x   (Simonyan, Vedaldi and Zisserman, 2014)" },
  integratedGradients: {
    tool: (score) => integratedGradients(score, { steps: 16 }),
    formula: "(x − x₀) · ∫ ∂score/∂x   (Sundararajan et al., 2017)",
  },
};

interface Args {
  method: string;
  threshold: number;
  opacity: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Is the explanation true/Sanity check",
  argTypes: {
    method: choice(Object.keys(methods)),
    threshold: range(0.1, 0.9, 0.1),
    opacity: controls.opacity,
    net: controls.net,
  },
  args: { method: "guidedBackprop", threshold: 0.5, opacity: 0.9, net: "shapes" },
  render: ({ method, threshold, opacity, net }, { id }) => {
    const { tool, formula } = methods[method] as (typeof methods)[string];
    return lab(
      {
        question: "Does the map change when the net forgets what it has learned?",
        formula: `${formula}.  Check: rank correlation with the map of random weights, layer by layer from the last   (Adebayo et al., 2018)`,
        caveats:
          "A map that changes with the weights need not be true; one that does not change is false. Sharp edges are no proof: guided backpropagation and the deconvnet draw them whatever the net has learned.",
        net,
        code: () => `import { classScore, ${method}, sanityCheck } from "@pellucid/interpret";
import { curves } from "@pellucid/interpret/draw";

const explain = ${method}(classScore(net, target)${method === "integratedGradients" ? ", { steps: 16 }" : ""});
const { stages, passed } = await sanityCheck(net, explain, images, { rng: new Rng(0), threshold: ${threshold} });
console.log(passed ? "It looks at what the net has learned." : "Do not believe this map.");
const correlation = [1, ...stages.map((stage) => stage.correlation)];
const lines = { correlation, threshold: correlation.map(() => ${threshold}) };
const title = "Likeness to the first map";
document.body.append(curves(lines, { title, xLabel: "layers with random weights", yLabel: "rank correlation" }));`,
        run: async (work) => {
          const { net: model, image, target, name, signal, onProgress } = work;
          const explain = tool(classScore<Tensor4D>(model, target));
          const map = await perPixel(await explain(image));
          const { stages, likeness, passed } = await sanityCheck(model, explain, image, {
            rng: seeded(),
            threshold,
            signal,
            onProgress,
          });
          const correlation = [1, ...stages.map((stage) => stage.correlation)];
          return {
            pictures: [
              ...besides(work, map, { title: `${method} for ${name}`, signed: true, opacity }).slice(0, 2),
              curves(
                { correlation, threshold: correlation.map(() => threshold) },
                {
                  title: "Likeness to the first map",
                  xLabel: "layers with random weights",
                  yLabel: "rank correlation",
                },
              ),
            ],
            facts: { passed, likeness },
            answer: `While the weights become random, the map's rank correlation with the one above is ${likeness.toFixed(2)} on average.`,
            verdict: {
              passed,
              says: passed
                ? "Passed: the map looks at what the net has learned."
                : "Failed: do not believe this map, it looks much the same without what the net has learned.",
            },
          };
        },
      },
      id,
    );
  },
};
export default meta;

type Story = StoryObj<Args>;

/** Does guided backpropagation show what the net has learned? No. */
export const GuidedBackpropFails: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["passed"]).toBe(false);
    await expect(canvasElement.querySelector(".verdict.failed")).toBeVisible();
    await expect(leaked).toBe(0);
  },
};

/** Does the gradient? Yes. */
export const TheGradientPasses: Story = {
  args: { method: "saliency" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["passed"]).toBe(true);
    await expect(leaked).toBe(0);
  },
};

/** Do integrated gradients? Yes. */
export const IntegratedGradientsPass: Story = {
  ...TheGradientPasses,
  args: { method: "integratedGradients" },
};
