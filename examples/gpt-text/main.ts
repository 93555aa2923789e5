// A GPT learns to write plays, a character at a time: nanoGPT's recipe for a laptop's processor.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { useBackend } from "@pellucid/backends";
import {
  adamw,
  chain,
  clipByGlobalNorm,
  cosineAnnealingLr,
  crossEntropy,
  generate,
  linearWarmup,
  Optimizer,
  partition,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { type CharacterText, tinyShakespeare } from "@pellucid/datasets";
import { Gpt } from "@pellucid/transformer";
import { reshape, type Tensor1D, tensor1d, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";

const size = 12;

/** What to train on what. */
export interface GptTextOptions {
  readonly text: CharacterText;
  readonly steps?: number;
  readonly seed?: number;
  /** The greatest: it climbs for `warmup` steps and then falls to a tenth along half a cosine. Default: 1e-3. */
  readonly learningRate?: number;
  /** Default: 100. */
  readonly warmup?: number;
  /** Features of a character. Default: 128. */
  readonly nEmbd?: number;
  /** How far it looks back. Default: 64. */
  readonly blockSize?: number;
  /** How many steps between two looks at the validation text. */
  readonly every?: number;
  /** Called with the mean loss of a character of the validation text. */
  readonly onLoss?: (step: number, loss: number) => void;
}

/** Windows of a text, and what follows each of their characters. */
function windowsAt(
  tokens: Int32Array,
  starts: Iterable<number>,
  window: number,
): { x: Tensor2D; y: Tensor1D } {
  const from = [...starts];
  const taken = (shift: number) =>
    Int32Array.from(from.flatMap((start) => [...tokens.subarray(start + shift, start + shift + window)]));
  return { x: tensor2d(taken(0), [from.length, window], "int32"), y: tensor1d(taken(1), "int32") };
}

/** The mean loss over up to 20 batches of windows, evenly spread. */
async function validate(model: Gpt, tokens: Int32Array): Promise<number> {
  const window = model.blockSize;
  const count = Math.min(20 * size, Math.floor((tokens.length - 1) / window));
  const gap = Math.floor((tokens.length - window - 1) / Math.max(1, count - 1));
  let total = 0;
  for (let first = 0; first < count; first += size) {
    const starts = Array.from({ length: Math.min(size, count - first) }, (_, i) => (first + i) * gap);
    const loss = tidy(() => {
      const { x, y } = windowsAt(tokens, starts, window);
      return lossOf(model, x, y);
    });
    total += ((await loss.data())[0] as number) * starts.length;
    loss.dispose();
  }
  return total / count;
}

const lossOf = (model: Gpt, x: Tensor2D, y: Tensor1D) => {
  const logits = model.forward(x); // [batch, time, token]
  return crossEntropy(reshape(logits, [y.size, logits.shape[2]]), y);
};

/** Trains a GPT on a text. */
export async function main(options: GptTextOptions): Promise<Gpt> {
  const { text, steps = 2000, seed = 0, nEmbd = 128, blockSize = 64, warmup = 100 } = options;
  const { every = 250, onLoss = () => {}, learningRate: greatest = 1e-3 } = options;
  const rng = new Rng(seed);
  const vocabSize = text.vocabulary.size;
  const model = new Gpt({ rng, vocabSize, blockSize, nEmbd, nLayer: 4, nHead: 4, bias: false });
  const falling = cosineAnnealingLr(greatest, { tMax: Math.max(1, steps - warmup), etaMin: greatest / 10 });
  const learningRate = linearWarmup(falling, { steps: warmup, startFactor: 1 / (warmup + 1) });
  const betas = [0.9, 0.99] as const;
  const parameters = trainable(model);
  const isMatrix = (path: string) => parameters[path]?.rank === 2;
  const optimizer = new Optimizer(
    chain(
      clipByGlobalNorm(1),
      partition([
        { match: isMatrix, transform: adamw({ learningRate, betas, weightDecay: 0.1 }) },
        { match: (path) => !isMatrix(path), transform: adamw({ learningRate, betas, weightDecay: 0 }) },
      ]),
    ),
    parameters,
  );
  for (let step = 1; step <= steps; step++) {
    const starts = rng.randint(0, text.train.length - blockSize, [size]).data;
    const { x, y } = windowsAt(text.train, starts, blockSize);
    await trainStep(model, optimizer, () => lossOf(model, x, y));
    x.dispose();
    y.dispose();
    if (step % every === 0) onLoss(step, await validate(model, text.validation));
  }
  return model;
}

/** Some characters that a model writes after a prompt. */
export async function write(
  model: Gpt,
  { vocabulary }: CharacterText,
  prompt: string,
  length: number,
  temperature = 0.8,
): Promise<string> {
  const tokens: number[] = [];
  const sampling = { maxNewTokens: length, temperature, rng: new Rng(0) };
  for await (const token of generate(model, vocabulary.encode(prompt), sampling)) tokens.push(token);
  return prompt + vocabulary.decode(tokens);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { steps: { type: "string", default: "2000" } } });
  const { chosen } = await useBackend();
  console.log(`Training on ${chosen}.`);
  const data = process.env["PELLUCID_DATA"];
  const text = await tinyShakespeare(data === undefined ? {} : { folder: join(data, "text") });
  const began = performance.now();
  const model = await main({
    text,
    steps: Number(values.steps),
    onLoss: (step, loss) =>
      console.log(
        `step ${step}: validation loss ${loss.toFixed(3)} (${((performance.now() - began) / 1000).toFixed(0)} s)`,
      ),
  });
  console.log(`\n${await write(model, text, "\n", 400)}`);
}
