import type { DigitsCnn } from "@pellucid/cnn";
import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { answerOf, lab } from "../stories/lab.ts";
import { sayShares, shareByChance, shareOnInk } from "../stories/on-ink.ts";
import { ablationCam } from "./ablation-cam.ts";
import { besides } from "../stories/pixel-map.ts";
import { classScore } from "./class-score.ts";
import { exampleOf, readValues } from "./draw/values.ts";
import { eigenCam } from "./eigen-cam.ts";
import { gradCam } from "./grad-cam.ts";
import { gradCamPlusPlus } from "./grad-cam-plus-plus.ts";
import { hiResCam } from "./hi-res-cam.ts";
import { layerCam } from "./layer-cam.ts";
import { scoreCam } from "./score-cam.ts";
import { xGradCam } from "./x-grad-cam.ts";

const methods = {
  gradCam,
  gradCamPlusPlus,
  hiResCam,
  layerCam,
  xGradCam,
  scoreCam,
  ablationCam,
  eigenCam,
} as const;

const formulas: Readonly<Record<keyof typeof methods, string>> = {
  gradCam: "L = ReLU(Σₖ wₖ Aₖ),  wₖ = mean over places of ∂score/∂Aₖ   (Selvaraju et al., 2017, eq. 1 and 2)",
  gradCamPlusPlus: "L = ReLU(Σₖ wₖ Aₖ),  wₖ = Σ αₖ ReLU(∂score/∂Aₖ)   (Chattopadhay et al., 2018, eq. 19)",
  hiResCam: "L = ReLU(Σₖ ∂score/∂Aₖ · Aₖ)   (Draelos and Carin, 2020)",
  layerCam: "L = ReLU(Σₖ ReLU(∂score/∂Aₖ) · Aₖ)   (Jiang et al., 2021, eq. 6)",
  xGradCam: "L = ReLU(Σₖ wₖ Aₖ),  wₖ = Σ ∂score/∂Aₖ · Aₖ / Σ Aₖ   (Fu et al., 2020)",
  scoreCam: "L = ReLU(Σₖ wₖ Aₖ),  wₖ = the score of the picture seen through Aₖ   (Wang et al., 2020)",
  ablationCam: "L = ReLU(Σₖ wₖ Aₖ),  wₖ = the score's fall when Aₖ is 0   (Desai and Ramaswamy, 2020)",
  eigenCam: "L = the maps' first principal component   (Muhammad and Yeasin, 2020); the score is not asked",
};

interface Args {
  method: keyof typeof methods;
  layer: "conv1" | "conv2";
  upsampling: "nearest" | "smooth";
  opacity: number;
}

const meta: Meta<Args> = {
  title: "Which input matters/Class activation maps",
  argTypes: {
    method: { control: "select", options: Object.keys(methods) },
    layer: { control: "inline-radio", options: ["conv1", "conv2"] },
    upsampling: { control: "inline-radio", options: ["nearest", "smooth"] },
    opacity: { control: { type: "range", min: 0, max: 1, step: 0.05 } },
  },
  args: { method: "hiResCam", layer: "conv2", upsampling: "nearest", opacity: 0.75 },
  render: ({ method, layer, upsampling, opacity }) =>
    lab({
      question: "Where did the net look to see this digit?",
      formula: formulas[method],
      lies: "The map has the layer's resolution, and a layer sees more around each place than its cell shows. Smoothing makes it look finer than it is. It shows what argues for the class, and says nothing of what argues against it. Grad-CAM weighs a whole map by one number; where a net keeps places apart to the end, as this one does, its picture can point at the empty ground.",
      code: `import { ${method}, classScore } from "@pellucid/interpret";
import { exampleOf, overlay, readValues } from "@pellucid/interpret/draw";

const map = await ${method}(classScore(net, target), net.${layer})(images);
const [image, heat] = [exampleOf(await readValues(images)), exampleOf(await readValues(map))];
document.body.append(overlay(image, heat, { title: "${method}", upsampling: "${upsampling}", opacity: ${opacity} }));`,
      run: async ({ net, image, pixels, target }) => {
        const map = await methodOf(method, net, layer, target)(image);
        const heat = exampleOf(await readValues(map));
        map.dispose();
        const share = shareOnInk(heat.data, pixels);
        return {
          pictures: besides(pixels, heat, {
            title: `${method} of ${layer} for ${target}`,
            upsampling,
            opacity,
          }),
          facts: { share, chance: shareByChance(pixels) },
          answer: sayShares(share, pixels),
        };
      },
    }),
};
export default meta;

type Story = StoryObj<Args>;

/** Where did the net look to see this digit? */
export const WhichPlaces: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["share"]).toBeGreaterThan(Number(facts["chance"]) + 0.1);
    await expect(leaked).toBe(0);
  },
};

/**
 * Can Grad-CAM point at the empty ground? Yes: it weighs a whole map by its mean gradient, but this net's last layer weighs each place by itself
 * (Draelos and Carin, 2020, section 3).
 */
export const WhereGradCamIsWrong: Story = {
  args: { method: "gradCam" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["share"]).toBeLessThan(Number(facts["chance"]));
    await expect(leaked).toBe(0);
  },
};

/** Does it agree with the fall of the score when each map is left out? */
export const ByLeavingOut: Story = { ...WhichPlaces, args: { method: "scoreCam" } };

function methodOf(method: Args["method"], net: DigitsCnn, layer: Args["layer"], target: number) {
  const score = classScore<Tensor4D>(net, target);
  return async (image: Tensor4D): Promise<Tensor> => methods[method](score, net[layer])(image);
}
