import { Rng } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { add, mul, sub, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { answerOf, lab } from "../stories/lab.ts";
import { sayShares, shareOnInk } from "../stories/on-ink.ts";
import { pixelMap } from "../stories/pixel-map.ts";
import { classScore } from "./class-score.ts";
import { deconvnet } from "./deconvnet.ts";
import { deepLift } from "./deep-lift.ts";
import { guidedBackprop } from "./guided-backprop.ts";
import { inputXGradient } from "./input-x-gradient.ts";
import { lrp } from "./lrp.ts";
import type { RunOptions } from "./run-options.ts";
import { saliency } from "./saliency.ts";
import type { Score } from "./score.ts";
import { smoothGrad } from "./smooth-grad.ts";

type Tool = (
  score: Score<Tensor4D>,
  run: RunOptions,
  args: Args,
) => (x: Tensor4D) => Tensor4D | Promise<Tensor4D>;

interface Args {
  method: string;
  samples: number;
  noise: number;
  opacity: number;
}

const methods: Readonly<
  Record<string, { tool: Tool; formula: string; options?: string; unfaithful?: true }>
> = {
  saliency: {
    tool: (score) => saliency(score),
    formula: "∂score/∂x   (Simonyan, Vedaldi and Zisserman, 2014, section 3)",
  },
  inputXGradient: {
    tool: (score) => inputXGradient(score),
    formula: "x · ∂score/∂x   (Shrikumar, Greenside and Kundaje, 2016)",
  },
  smoothGrad: {
    tool: (score, run, { samples, noise }) => smoothGrad(score, { ...run, rng: new Rng(0), samples, noise }),
    formula: "mean over n of ∂score/∂x at x + ε,  ε ~ N(0, σ²)   (Smilkov et al., 2017)",
    options: "rng",
  },
  guidedBackprop: {
    tool: (score) => guidedBackprop(score),
    formula:
      "∂score/∂x, where every ReLU passes on only what is positive both ways   (Springenberg et al., 2015)",
    unfaithful: true,
  },
  deconvnet: {
    tool: (score) => deconvnet(score),
    formula:
      "∂score/∂x, where every ReLU passes on what is positive on the way back   (Zeiler and Fergus, 2014)",
    unfaithful: true,
  },
  deepLift: {
    tool: (score) => deepLift(score),
    formula: "(x − x₀) · multipliers, Rescale rule: Δout/Δin instead of slopes   (Shrikumar et al., 2017)",
  },
  lrp: {
    tool: (score) => lrp(score),
    formula: "Rⱼ = Σₖ aⱼwⱼₖ / (zₖ + ε sign zₖ) · Rₖ   (Bach et al., 2015)",
  },
};

const meta: Meta<Args> = {
  title: "Which input matters/Gradients",
  argTypes: {
    method: { control: "select", options: Object.keys(methods) },
    samples: { control: { type: "range", min: 1, max: 100 }, if: { arg: "method", eq: "smoothGrad" } },
    noise: {
      control: { type: "range", min: 0, max: 0.5, step: 0.05 },
      if: { arg: "method", eq: "smoothGrad" },
    },
    opacity: { control: { type: "range", min: 0, max: 1, step: 0.05 } },
  },
  args: { method: "saliency", samples: 25, noise: 0.15, opacity: 0.9 },
  render: (args) => {
    const { method, samples, noise, opacity } = args;
    const { tool, formula, options, unfaithful } = methods[method] as (typeof methods)[string];
    const given = options === undefined ? "" : `, { rng: new Rng(0), samples: ${samples}, noise: ${noise} }`;
    return lab({
      question: "Which pixels would change the net's mind?",
      formula,
      lies: unfaithful
        ? "This method fails the sanity check: its picture stays nearly the same when the net's weights are random. It shows edges of the picture, not what the net knows."
        : "A gradient says what an infinitely small change does. Where the net is sure, it can be small although the pixel matters; blue pixels lower the score, red ones raise it.",
      code: `${given === "" ? "" : 'import { Rng } from "@pellucid/core-train";\n'}import { classScore, ${method} } from "@pellucid/interpret";
import { overlay, readValues } from "@pellucid/interpret/draw";

const map = await ${method}(classScore(net, target)${given})(images); // [1, 8, 8, 1]
const [image, { data }] = [{ data: pixels, shape: [8, 8, 1] }, await readValues(map)];
document.body.append(overlay(image, { data, shape: [8, 8] }, { title: "${method}", signed: true, opacity: ${opacity} }));`,
      run: async ({ net, image, pixels, target, signal, onProgress }) => {
        const score = classScore<Tensor4D>(net, target);
        const map = await tool(score, { signal, onProgress }, args)(image);
        const rise = await riseAlong(score, image, map);
        const title = `${method} for ${target}`;
        const { pictures, values } = await pixelMap(pixels, map, { title, signed: true, opacity });
        const share = shareOnInk(values, pixels);
        return {
          pictures,
          facts: { share, rise },
          answer: `A small step along the map raises the score by ${rise.toFixed(3)}. ${sayShares(share, pixels)}`,
        };
      },
    });
  },
};
export default meta;

type Story = StoryObj<Args>;

/** Which pixels would change the net's mind? */
export const WhichPixels: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["rise"]).toBeGreaterThan(0);
    await expect(leaked).toBe(0);
  },
};

/** Does the map get calmer when it is averaged over noise? */
export const Smoothed: Story = { ...WhichPixels, args: { method: "smoothGrad" } };

/** Multiplied by the pixel: what is dark cannot matter. */
export const TimesInput: Story = { ...WhichPixels, args: { method: "inputXGradient" } };

/** Relevance handed back layer by layer. */
export const LayerByLayer: Story = { ...WhichPixels, args: { method: "lrp" } };

/** How much the score rises with a step along the map that is 1 % of the longest. */
async function riseAlong(score: Score<Tensor4D>, image: Tensor4D, map: Tensor4D): Promise<number> {
  const largest = Math.max(...Array.from(await map.data(), Math.abs));
  const rise = tidy(() => sub(score(add(image, mul(map, 0.01 / largest))), score(image)));
  const [by] = await rise.data();
  rise.dispose();
  return by as number;
}
