// Eight optimizers fit the same line from the same start, each with a learning rate of 0.01: who is down first, and how?
import { useBackend } from "@pellucid/backends";
import {
  adagrad,
  adam,
  adamax,
  asgd,
  Lbfgs,
  Linear,
  mseLoss,
  Optimizer,
  rmsprop,
  Rng,
  rprop,
  sgd,
  trainable,
  type Transform,
  trainStep,
} from "@pellucid/core-train";
import { tensor2d } from "@tensorflow/tfjs-core";

const learningRate = 0.01;
const x = [[1], [2], [3]];
const y = [[2], [4], [6]];

const transforms: Readonly<Record<string, Transform<unknown>>> = {
  SGD: sgd({ learningRate }),
  Adagrad: adagrad({ learningRate }),
  Adam: adam({ learningRate }),
  Adamax: adamax({ learningRate }),
  ASGD: asgd({ learningRate }),
  RMSprop: rmsprop({ learningRate }),
  Rprop: rprop({ learningRate }),
};

/** The loss before each step and after the last, of every optimizer by name. */
export async function main({ steps = 100 } = {}): Promise<ReadonlyMap<string, readonly number[]>> {
  const curves = new Map<string, number[]>();
  const inputs = tensor2d(x);
  const targets = tensor2d(y);
  for (const name of [...Object.keys(transforms), "LBFGS"]) {
    const model = new Linear(1, 1, { rng: new Rng(0) });
    const loss = () => mseLoss(model.forward(inputs), targets);
    const step = stepOf(name, model, loss);
    const losses: number[] = [];
    for (let i = 0; i < steps; i++) losses.push(await step());
    losses.push((await loss().data())[0] as number);
    curves.set(name, losses);
    model.dispose();
  }
  inputs.dispose();
  targets.dispose();
  return curves;
}

/** One step of an optimizer. L-BFGS looks at the loss many times in a step, so it calls it itself. */
function stepOf(name: string, model: Linear, loss: () => ReturnType<typeof mseLoss>): () => Promise<number> {
  const transform = transforms[name];
  if (transform === undefined) {
    const lbfgs = new Lbfgs(trainable(model), { learningRate });
    return () => lbfgs.step(loss);
  }
  const optimizer = new Optimizer(transform, trainable(model));
  return () => trainStep(model, optimizer, loss);
}

/** A curve in 40 characters, one height a decade: full from 10, least below 1e-5. */
export function sparkline(losses: readonly number[]): string {
  const blocks = "▁▂▃▄▅▆▇█";
  return Array.from({ length: 40 }, (_, i) => {
    const loss = losses[Math.round((i * (losses.length - 1)) / 39)] as number;
    const decade = Math.floor(Math.log10(loss)) + 6; // 0 for 1e-6, 7 for 10
    return blocks[Math.min(Math.max(decade, 0), 7)];
  }).join("");
}

if (import.meta.main) {
  await useBackend();
  const curves = [...(await main())].toSorted(([, a], [, b]) => (a.at(-1) ?? 0) - (b.at(-1) ?? 0));
  for (const [name, losses] of curves)
    console.log(`${name.padEnd(8)}${sparkline(losses)} ${(losses.at(-1) ?? 0).toExponential(2)}`);
}
