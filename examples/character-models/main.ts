// A language model learns to write plays, a character at a time: it reads windows of 64, and then writes on.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { useBackend } from "@pellucid/backends";
import { crossEntropy, generate, Rng, trainStep } from "@pellucid/core-train";
import { type CharacterText, tinyShakespeare } from "@pellucid/datasets";
import { reshape, type Tensor1D, tensor1d, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { type CharacterModel, type Kind, kinds, makeModel } from "./models.ts";
import { optimizerFor, type Recipe, recipes } from "./recipes.ts";

const size = 12;

/** What to train on what. */
export interface TrainingOptions extends Partial<Recipe> {
  readonly text: CharacterText;
  /** Default: mamba. */
  readonly kind?: Kind;
  readonly seed?: number;
  /** How many characters it reads at once. Default: 64. */
  readonly window?: number;
  /** How wide the model is. Default: as in the table of the README. */
  readonly width?: number;
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
async function validate(model: CharacterModel, tokens: Int32Array, window: number): Promise<number> {
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

const lossOf = (model: CharacterModel, x: Tensor2D, y: Tensor1D) => {
  const logits = model.forward(x); // [batch, time, token]
  return crossEntropy(reshape(logits, [y.size, logits.shape[2]]), y);
};

/** Trains a model on a text. */
export async function main(options: TrainingOptions): Promise<CharacterModel> {
  const { text, kind = "mamba", seed = 0, window = 64, width, every = 250, onLoss = () => {} } = options;
  const { steps, learningRate, warmup } = { ...recipes[kind], ...options };
  const rng = new Rng(seed);
  const model = makeModel(kind, { rng, vocabSize: text.vocabulary.size, window, ...(width && { width }) });
  const optimizer = optimizerFor(kind, model, { steps, learningRate, warmup });
  for (let step = 1; step <= steps; step++) {
    const starts = rng.randint(0, text.train.length - window, [size]).data;
    const { x, y } = windowsAt(text.train, starts, window);
    await trainStep(model, optimizer, () => lossOf(model, x, y));
    x.dispose();
    y.dispose();
    if (step % every === 0) onLoss(step, await validate(model, text.validation, window));
  }
  return model;
}

/** Some characters that a model writes after a prompt. */
export async function write(
  model: CharacterModel,
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
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { steps: { type: "string" } },
  });
  const kind = kinds.find((name) => name === (positionals[0] ?? "mamba"));
  if (kind === undefined)
    throw new Error(`There is no ${positionals[0]}; choose one of ${kinds.join(", ")}.`);
  const { chosen } = await useBackend();
  console.log(`Training a ${kind} on ${chosen}.`);
  const data = process.env["PELLUCID_DATA"];
  const text = await tinyShakespeare(data === undefined ? {} : { folder: join(data, "text") });
  const began = performance.now();
  const model = await main({
    text,
    kind,
    steps: Number(values.steps ?? recipes[kind].steps),
    onLoss: (step, loss) =>
      console.log(
        `step ${step}: validation loss ${loss.toFixed(3)} (${((performance.now() - began) / 1000).toFixed(0)} s)`,
      ),
  });
  console.log(`\n${await write(model, text, "\n", 400)}`);
}
