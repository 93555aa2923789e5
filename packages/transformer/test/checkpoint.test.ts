import { useBackend } from "@pellucid/backends";
import { checkpoint, crossEntropy, Rng, trainable, training, valueAndGradients } from "@pellucid/core-train";
import { Gpt } from "@pellucid/transformer";
import { engine, reshape, tensor, type Tensor2D, type Tensor3D, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(() => useBackend({ only: "wasm" }));

test("a GPT of 12 blocks has the same gradients with checkpoints, in less than half of the memory", () => {
  const [whole, parts] = [false, true].map((isCheckpointed) => {
    const model = new Gpt({
      rng: new Rng(0),
      vocabSize: 11,
      blockSize: 32,
      nLayer: 12,
      nHead: 2,
      nEmbd: 16,
      dropout: 0.1,
    });
    if (isCheckpointed) for (const block of model.transformer.h) checkpoint(block);
    const rng = new Rng(1);
    const tokens = tensor(rng.randint(0, 11, [4, 32]).data, [4, 32], "int32") as Tensor2D;
    const next = tensor(rng.randint(0, 11, [128]).data, [128], "int32");
    const { state } = engine();
    const [before, run] = [state.numBytes, engine().runKernel.bind(engine())];
    let most = 0;
    engine().runKernel = ((...given: Parameters<typeof run>) => {
      const result = run(...given);
      most = Math.max(most, state.numBytes - before);
      return result;
    }) as typeof run;
    try {
      const gradients = tidy(() => {
        const step = training(model, () =>
          valueAndGradients(trainable(model), () => {
            const logits = model.forward(tokens) as Tensor3D;
            return crossEntropy(reshape(logits, [-1, 11]) as Tensor2D, next);
          }),
        );
        return Object.entries(step.gradients).map(([path, x]) => [path, [...x.dataSync()]]);
      });
      return { gradients, most };
    } finally {
      engine().runKernel = run;
    }
  });
  expect(parts?.gradients).toEqual(whole?.gradients);
  expect(parts?.most).toBeLessThan(0.5 * (whole?.most ?? 0));
});
