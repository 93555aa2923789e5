import { useBackend } from "@pellucid/backends";
import type { DigitsCnn } from "@pellucid/cnn";
import { digits, toFloatImages } from "@pellucid/datasets";
import { classScore, saliency } from "@pellucid/interpret";
import { exampleOf, overlay, readValues } from "@pellucid/interpret/draw";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { tensor4d } from "@tensorflow/tfjs-core";
import { train } from "./train.ts";

interface Args {
  readonly picture: number;
  readonly target: number;
}

let trained: ReturnType<typeof train> | undefined; // once, for all stories

/** Which pixels matter for a digit: the gradient of its score. */
async function explain(net: DigitsCnn, { picture, target }: Args): Promise<Element> {
  const { images } = toFloatImages((await digits()).test);
  const data = images.data.subarray(64 * picture, 64 * (picture + 1));
  const x = tensor4d(data, [1, 8, 8, 1]);
  const gradient = saliency(classScore(net, target))(x); // [1, 8, 8, 1]
  const { data: values } = exampleOf(await readValues(gradient));
  for (const tensor of [x, gradient]) tensor.dispose();
  return overlay(
    { data, shape: [8, 8, 1] },
    { data: values, shape: [8, 8] },
    { title: `Saliency for a ${target}` },
  );
}

const meta: Meta<Args> = {
  title: "Saliency",
  args: { picture: 3, target: 3 },
  argTypes: {
    picture: { control: { type: "range", min: 0, max: 449 } },
    target: { control: { type: "range", min: 0, max: 9 } },
  },
  render: (args) => {
    const shown = document.createElement("div");
    const status = document.createElement("p");
    status.setAttribute("role", "status");
    status.textContent = "Training.";
    shown.append(status);
    const run = async () => {
      const { chosen } = await useBackend();
      trained ??= train((share) => (status.textContent = `Training: ${(100 * share).toFixed(0)} %`));
      const { model, accuracy } = await trained;
      status.textContent = `Trained on ${chosen}: accuracy ${accuracy.toFixed(3)} on 450 unseen digits`;
      shown.append(await explain(model, args));
    };
    run().catch((error: unknown) => (status.textContent = String(error)));
    return shown;
  },
};
export default meta;

export const OfAnUnseenDigit: StoryObj<Args> = {};
