import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, controls } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab, type Work } from "../../stories/lab.ts";
import { correlation, scoreOf, take } from "../../stories/measures.ts";
import { layerAt } from "../../stories/nets/subject.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { sayShares, shareByChance, shareOnInk } from "../../stories/on-ink.ts";
import { besides, total } from "../../stories/pixel-map.ts";
import { ablationCam } from "./ablation-cam.ts";
import { classScore } from "../score/class-score.ts";
import { exampleOf, readValues } from "../draw/values.ts";
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
  layer: "first" | "last";
  upsampling: "nearest" | "smooth";
  opacity: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Which input matters/Class activation maps",
  argTypes: {
    method: choice(Object.keys(methods)),
    layer: controls.layer,
    upsampling: controls.upsampling,
    opacity: controls.opacity,
    net: controls.net,
  },
  args: { method: "gradCam", layer: "last", upsampling: "nearest", opacity: 0.75, net: "shapes" },
  render: ({ method, layer, upsampling, opacity, net }, { id }) =>
    lab(
      {
        question: "Where did the net look to see this?",
        formula: formulas[method],
        lies: "The map has the layer's resolution, and a layer sees more around each place than its cell shows. Smoothing makes it look finer than it is. It shows what argues for the class, and says nothing of what argues against it. Grad-CAM weighs a whole map by one number: right where the net takes the mean over places, as that of the shapes does, wrong where it keeps places apart to the end, as those of the digits do.",
        net,
        code: (of, name) => `import { ${method}, classScore } from "@pellucid/interpret";
import { exampleOf, overlay, readValues } from "@pellucid/interpret/draw";

const map = await ${method}(classScore(net, target), net.${layerAt(of, layer)[0]})(images);
const options = { title: "${method} of ${layerAt(of, layer)[0]} for ${name}", upsampling: "${upsampling}", opacity: ${opacity}, width: 224 } as const;
document.body.append(overlay(image, exampleOf(await readValues(map)), options));`,
        run: async (work) => {
          const { subject, pixels, target, name } = work;
          const [path, at] = layerAt(subject, layer);
          const score = classScore<Tensor4D>(work.net, target);
          const map: Tensor = await methods[method](score, at)(work.image);
          const heat = exampleOf(await readValues(map));
          map.dispose();
          const share = shareOnInk(heat, subject, pixels);
          return {
            pictures: besides(work, heat, { title: `${method} of ${path} for ${name}`, upsampling, opacity }),
            facts: { share, chance: shareByChance(subject, pixels), ...(await signedFacts(work, layer)) },
            answer: sayShares(share, subject, pixels),
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Where did the net look to see this shape? */
export const WhichPlaces: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["share"]).toBeGreaterThan(Number(facts["chance"]));
    await expect(leaked).toBe(0);
  },
};

/** Where a net takes the mean over places, is Grad-CAM true? Yes: place by place it is HiResCAM, of which the sum is the score without its bias. */
export const TrueBehindAMean: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["alike"]).toBeGreaterThan(0.9999);
    await expect(facts["hiResError"]).toBeLessThan(1e-3);
    await expect(facts["gradError"]).toBeLessThan(1e-3);
    await expect(leaked).toBe(0);
  },
};

/** And where a net weighs each place by itself? No: only HiResCAM still adds up (Draelos and Carin, 2020, section 3). */
export const FalseWherePlacesCount: Story = {
  args: { net: "digits" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["hiResError"]).toBeLessThan(1e-3);
    await expect(facts["gradError"]).toBeGreaterThan(0.1);
    await expect(facts["alike"]).toBeLessThan(0.9);
    await expect(leaked).toBe(0);
  },
};

/** Does it agree with what the score says of the picture seen through each map? */
export const ByTheScoreAlone: Story = { ...WhichPlaces, args: { method: "scoreCam", net: "digits" } };

/** How alike Grad-CAM and HiResCAM are with their signs, and by how much each misses the score without its bias. */
async function signedFacts({ net, subject, image, target }: Work, layer: "first" | "last") {
  const [, at] = layerAt(subject, layer);
  const score = classScore<Tensor4D>(net, target);
  const grad = await take(gradCam(score, at, { positive: false })(image));
  const hiRes = await take(hiResCam(score, at, { positive: false })(image));
  const fc = net.namedParameters();
  const bias = new Map(fc).get("fc.bias");
  const points =
    (await scoreOf(score, image)) - (((await bias?.data())?.[target] as number | undefined) ?? 0);
  const error = (map: Float32Array) => Math.abs(total(map) - points) / Math.abs(points);
  return { alike: correlation(grad, hiRes), gradError: error(grad), hiResError: error(hiRes) };
}
