import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, chosenInStory, controls } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab, type Work } from "../../stories/lab.ts";
import { correlation, scoreOf, take } from "../../stories/measures.ts";
import { layerAt } from "../../stories/nets/subject.ts";
import { sayShares, uniformShare, shareOnInk } from "../../stories/on-ink.ts";
import { methods, options, type Options, program } from "../../stories/programs/grad-cam.ts";
import source from "../../stories/programs/grad-cam.ts?raw";
import { total } from "../../stories/total.ts";
import { classScore } from "../score/class-score.ts";
import { gradCam } from "./grad-cam.ts";
import { hiResCam } from "./hi-res-cam.ts";

const formulas: Readonly<Record<Options["method"], string>> = {
  gradCam: "L = ReLU(Σₖ wₖ Aₖ),  wₖ = spatial mean of ∂score/∂Aₖ   (Selvaraju et al., 2017, eq. 1 and 2)",
  gradCamPlusPlus: "L = ReLU(Σₖ wₖ Aₖ),  wₖ = Σ αₖ ReLU(∂score/∂Aₖ)   (Chattopadhay et al., 2018, eq. 19)",
  hiResCam: "L = ReLU(Σₖ ∂score/∂Aₖ · Aₖ)   (Draelos and Carin, 2020)",
  layerCam: "L = ReLU(Σₖ ReLU(∂score/∂Aₖ) · Aₖ)   (Jiang et al., 2021, eq. 6)",
  xGradCam: "L = ReLU(Σₖ wₖ Aₖ),  wₖ = Σ ∂score/∂Aₖ · Aₖ / Σ Aₖ   (Fu et al., 2020)",
  scoreCam: "L = ReLU(Σₖ wₖ Aₖ),  wₖ = score of the input masked by Aₖ   (Wang et al., 2020)",
  ablationCam: "L = ReLU(Σₖ wₖ Aₖ),  wₖ = drop of the score with Aₖ = 0   (Desai and Ramaswamy, 2020)",
  eigenCam: "L = first principal component of A   (Muhammad and Yeasin, 2020); independent of the class",
};

const meta: Meta<Options> = {
  title: "Attribution/Class activation maps",
  argTypes: {
    ...chosenInStory,
    method: choice(Object.keys(methods)),
    layer: controls.layer,
    upsampling: controls.upsampling,
    opacity: controls.opacity,
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Which regions of the image support the class?",
        formula: formulas[args.method],
        caveats:
          "The map has the layer's resolution, and each of its cells sees a larger region than it covers; smoothing makes it look finer than it is. It shows evidence for the class, not against it. Grad-CAM gives each channel one weight: exact where global average pooling follows, as in the shapes net, wrong where the classifier weighs positions separately, as in the digits nets.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: async ({ map }, work) => {
          const { subject, pixels } = work;
          const share = shareOnInk(map, subject, pixels);
          const most = Math.max(...Array.from(map.data, Math.abs));
          return {
            facts: {
              share,
              uniform: uniformShare(subject, pixels),
              ...(await signedFacts(work, args.layer)),
            },
            answer: sayShares(share, subject, pixels),
            ...(most < 0.05 && {
              verdict: {
                passed: false,
                says: `The largest number of this map is ${most.toFixed(4)}: nearly nothing, in whatever color.`,
              },
            }),
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Which regions of the image support the class? */
export const GradCam: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["share"]).toBeGreaterThan(Number(facts["uniform"]));
    await expect(leaked).toBe(0);
  },
};

/** Before global average pooling, Grad-CAM equals HiResCAM, and both add up to the score without its bias. */
export const BeforeGlobalAveragePooling: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["similarity"]).toBeGreaterThan(0.9999);
    await expect(facts["hiResError"]).toBeLessThan(1e-3);
    await expect(facts["gradError"]).toBeLessThan(1e-3);
    await expect(leaked).toBe(0);
  },
};

/** Before a linear layer that weighs positions separately, only HiResCAM adds up (Draelos and Carin, 2020, section 3). */
export const BeforeFlatten: Story = {
  args: { net: "digits" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["hiResError"]).toBeLessThan(1e-3);
    await expect(facts["gradError"]).toBeGreaterThan(0.1);
    await expect(facts["similarity"]).toBeLessThan(0.9);
    await expect(leaked).toBe(0);
  },
};

/** Score-CAM needs no gradients: each activation map masks the input. */
export const ScoreCam: Story = { ...GradCam, args: { method: "scoreCam", net: "digits" } };

/** How similar signed Grad-CAM and HiResCAM are, and by how much the sum of each misses the score without its bias. */
async function signedFacts({ net, subject, image, target }: Work, layer: Options["layer"]) {
  const [, at] = layerAt(subject, layer);
  const score = classScore<Tensor4D>(net, target);
  const grad = await take(gradCam(score, at, { positive: false })(image));
  const hiRes = await take(hiResCam(score, at, { positive: false })(image));
  const bias = await new Map(net.namedParameters()).get("fc.bias")?.data();
  const points = (await scoreOf(score, image)) - Number(bias?.[target] ?? 0);
  const error = (map: Float32Array) => Math.abs(total(map) - points) / Math.abs(points);
  return { similarity: correlation(grad, hiRes), gradError: error(grad), hiResError: error(hiRes) };
}
