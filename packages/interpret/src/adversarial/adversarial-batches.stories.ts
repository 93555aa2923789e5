import { DigitsCnn } from "@pellucid/cnn";
import { adam, batches, crossEntropy, fit, Rng } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { tensor4d, type Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { take } from "../../stories/measures.ts";
import { percent } from "../../stories/on-ink.ts";
import { adversarialBatches } from "./adversarial-batches.ts";
import { curves } from "../draw/curves.ts";
import { fgsm } from "./fgsm.ts";
import { marginScore } from "../score/margin-score.ts";
import { pgd } from "./pgd.ts";

interface Args {
  epsilon: number;
  epochs: number;
  seed: number;
}

const count = 150;

const meta: Meta<Args> = {
  title: "Adversarial examples/Adversarial training",
  argTypes: { epsilon: range(0.02, 0.3, 0.02), epochs: range(1, 10), seed: range(0, 9) },
  args: { epsilon: 0.16, epochs: 6, seed: 0 },
  render: ({ epsilon, epochs, seed }, { id }) =>
    lab(
      {
        question: "Does training on adversarial examples make a model more robust?",
        formula:
          "min over w of E max over |δ| ≤ ε of loss(f_w(x + δ), y)   (Madry et al., 2018, equation 2.1); here the inner maximum is one step of FGSM, and it is asked with ten of PGD",
        caveats:
          "Harder to fool by this attack, within this distance: another attack may do better, and a larger change will. Larger nets pay with accuracy on pictures that nobody has changed; here nothing is to be seen of it.",
        nets: [],
        about: "net",
        code: () => `import { useBackend } from "@pellucid/backends";
import { DigitsCnn } from "@pellucid/cnn";
import { adam, batches, crossEntropy, fit, Rng } from "@pellucid/core-train";
import { digits, toFloatImages } from "@pellucid/datasets";
import { adversarialBatches, fgsm, marginScore, pgd } from "@pellucid/interpret";
import { curves } from "@pellucid/interpret/draw";
import { argMax, tensor4d, type Tensor4D } from "@tensorflow/tfjs-core";

await useBackend();
const { train, test } = await digits();
const { x, y } = toFloatImages(test).gather(Int32Array.from({ length: ${count} }, (_, i) => i));
const [some, labels] = [tensor4d(x.data, [${count}, 8, 8, 1]), Array.from(y.data)];
const sizes = [0, 0.04, 0.08, 0.12, 0.16, 0.2];

const right = async (net: DigitsCnn, size: number) => {
  const margin = marginScore<Tensor4D>(net, labels);
  const moved = size === 0 ? some : await pgd(margin, { epsilon: size, range: [0, 1], steps: 10 })(some);
  const says = await argMax(net.forward(moved), 1).data();
  return labels.filter((label, i) => says[i] === label).length / labels.length;
};
const trained = async (hard: boolean) => {
  const rng = new Rng(${seed});
  const net = new DigitsCnn({ rng });
  const plain = batches(toFloatImages(train), { size: 64, shuffle: true, rng });
  const data = hard
    ? adversarialBatches(plain, async ({ x: given, y: is }) =>
        fgsm(marginScore<Tensor4D>(net, Array.from(await is.data())), { epsilon: ${epsilon}, range: [0, 1] })(given as Tensor4D))
    : plain;
  const how = { loss: crossEntropy, optimizer: adam({ learningRate: 3e-3 }), epochs: ${epochs} };
  for await (const event of fit(net, data, how)) if (event.kind === "epoch") console.log(event.loss);
  const shares = [];
  for (const size of sizes) shares.push(await right(net, size));
  return shares;
};
const lines = { "learned as usual": await trained(false), "learned from attacks": await trained(true) };
const axes = { x: sizes, xLabel: "largest change ε", yLabel: "share still right" };
document.body.append(curves(lines, { title: "Right after an attack", ...axes }));`,
        run: async ({ signal, onProgress }) => {
          const { train, test } = await digits();
          const { x, y } = toFloatImages(test).gather(Int32Array.from({ length: count }, (_, i) => i));
          const [images, labels] = [tensor4d(x.data, [count, 8, 8, 1]), Array.from(y.data)];
          const sizes = [0, 0.04, 0.08, 0.12, 0.16, 0.2];
          let done = 0;
          const step = () => onProgress(++done, 2 * (epochs + sizes.length));
          const right = async (net: DigitsCnn, size: number) => {
            const margin = marginScore<Tensor4D>(net, labels);
            const how = { epsilon: size, range: [0, 1] as const, steps: 10, signal };
            const moved = size === 0 ? null : await pgd(margin, how)(images);
            const logits = await take(net.forward(moved ?? images));
            moved?.dispose();
            step();
            const says = (i: number) => {
              const row = logits.subarray(10 * i, 10 * (i + 1));
              return row.indexOf(Math.max(...row));
            };
            return labels.filter((label, i) => says(i) === label).length / count;
          };
          const trained = async (hard: boolean) => {
            const rng = new Rng(seed);
            const net = new DigitsCnn({ rng });
            try {
              const plain = batches(toFloatImages(train), { size: 64, shuffle: true, rng });
              const data = hard
                ? adversarialBatches(plain, async ({ x: given, y: is }) => {
                    const margin = marginScore<Tensor4D>(net, Array.from(await is.data()));
                    return fgsm(margin, { epsilon, range: [0, 1] })(given as Tensor4D);
                  })
                : plain;
              const how = { loss: crossEntropy, optimizer: adam({ learningRate: 3e-3 }), epochs, signal };
              for await (const event of fit(net, data, how)) if (event.kind === "epoch") step();
              signal.throwIfAborted();
              const shares: number[] = [];
              for (const size of sizes) shares.push(await right(net, size));
              return shares;
            } finally {
              net.dispose();
            }
          };
          try {
            const [plain, hard] = [await trained(false), await trained(true)];
            const at = (shares: readonly number[], size: number) => shares[sizes.indexOf(size)] as number;
            return {
              pictures: [
                curves(
                  { "learned as usual": plain, "learned from attacks": hard },
                  {
                    title: "Right after an attack",
                    x: sizes,
                    xLabel: "largest change ε",
                    yLabel: "share still right",
                  },
                ),
              ],
              facts: {
                plain: at(plain, 0.12),
                hard: at(hard, 0.12),
                plainClean: at(plain, 0),
                hardClean: at(hard, 0),
              },
              answer: `Of ${count} unseen digits, changed by at most 0.12, ${percent(at(plain, 0.12))} are still right for the net that learned as usual, ${percent(at(hard, 0.12))} for the one that learned from attacks; unchanged ${percent(at(plain, 0))} and ${percent(at(hard, 0))}.`,
            };
          } finally {
            images.dispose();
          }
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Can a net learn not to be fooled? Much less easily. */
export const AdversarialTraining: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["hard"]).toBeGreaterThan(0.15 + Number(facts["plain"]));
    await expect(facts["hardClean"]).toBeGreaterThan(0.8);
    await expect(leaked).toBe(0);
  },
};
