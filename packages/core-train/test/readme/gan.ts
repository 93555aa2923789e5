import { useBackend } from "@pellucid/backends";
import {
  adam,
  binaryCrossEntropyWithLogits,
  LeakyReLU,
  Linear,
  Optimizer,
  ReLU,
  Rng,
  Sequential,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { add, mean, onesLike, tensor2d, type Tensor2D, zerosLike } from "@tensorflow/tfjs-core";

await useBackend();
const rng = new Rng(0);
const generator = new Sequential(new Linear(1, 16, { rng }), new ReLU(), new Linear(16, 1, { rng }));
const discriminator = new Sequential(
  new Linear(1, 16, { rng }),
  new LeakyReLU({ negativeSlope: 0.2 }),
  new Linear(16, 1, { rng }),
);

// An optimizer updates the parameters that it was given; in its step all others are constants.
const settings = { learningRate: 5e-3, betas: [0.5, 0.999] } as const;
const forGenerator = new Optimizer(adam(settings), trainable(generator));
const forDiscriminator = new Optimizer(adam(settings), trainable(discriminator));

const draw = (center: number, spread: number): Tensor2D =>
  tensor2d(
    rng.randn([64, 1]).data.map((value) => center + spread * value),
    [64, 1],
  );
const asReal = (logits: Tensor2D) => binaryCrossEntropyWithLogits(logits, onesLike(logits));
const asFake = (logits: Tensor2D) => binaryCrossEntropyWithLogits(logits, zerosLike(logits));

for (let step = 1; step <= 600; step++) {
  await trainStep(discriminator, forDiscriminator, () =>
    add(
      asReal(discriminator.forward(draw(3, 0.5))),
      asFake(discriminator.forward(generator.forward(draw(0, 1)))),
    ),
  );
  const { loss, center } = trainStep(generator, forGenerator, () => {
    const fakes = generator.forward(draw(0, 1)); // [64, 1]
    return { loss: asReal(discriminator.forward(fakes)), center: mean(fakes) };
  });
  if (step % 100 === 0) console.log(step, await loss, await center.data()); // the center approaches 3
  center.dispose();
}
