// A small GPT learns one sentence. An adapter of low rank then teaches it another, is saved, taken out, and put into a copy.
import {
  adamw,
  applyLora,
  crossEntropy,
  generate,
  loadLora,
  loadWeights,
  type LoraFiles,
  mergeLora,
  Optimizer,
  removeLora,
  Rng,
  saveLora,
  saveWeights,
  trainable,
  trainStep,
  withoutInit,
} from "@pellucid/core-train";
import { Gpt } from "@pellucid/transformer";
import { reshape, tensor1d, tensor2d } from "@tensorflow/tfjs-core";

const fox = "the quick brown fox jumps over a lazy dog. ";
const cat = "the slow grey cat sleeps under a busy bird. ";
const characters = Array.from(new Set(fox + cat)).toSorted();
const window = 48;

/** What was written, and how large things are. */
export interface LoraReport {
  /** What the model writes after `"the "`: itself, with the adapter, without it again, and a copy with the merged adapter. */
  readonly texts: readonly [base: string, adapted: string, removed: string, merged: string];
  readonly weights: number;
  readonly adapterWeights: number;
  /** The files of the adapter, as peft has them. */
  readonly files: LoraFiles;
  /** The loss of each step: first those of the GPT, then those of the adapter. */
  readonly losses: readonly number[];
}

/** How long to train, and what is called after each step. */
export interface LoraRun {
  /** Steps of the GPT, and of the adapter. Default: 150. */
  readonly steps?: number;
  /** Is called after each step. */
  readonly onStep?: (sentence: "first" | "second", step: number, loss: number) => void;
}

/** Trains a GPT, then an adapter of it. */
export async function teach(seed = 0, { steps = 150, onStep }: LoraRun = {}): Promise<LoraReport> {
  const rng = new Rng(seed);
  const losses: number[] = [];
  const note = (sentence: "first" | "second") => (loss: number) => {
    losses.push(loss);
    onStep?.(sentence, losses.length - (sentence === "first" ? 0 : steps), loss);
  };
  const make = () =>
    new Gpt({ rng, vocabSize: characters.length, blockSize: window, nLayer: 2, nHead: 4, nEmbd: 48 });
  const model = make();
  const weights = count(model);
  await learn(model, fox, { rng, steps, learningRate: 5e-3, onLoss: note("first") });
  const base = await write(model);
  const file = await saveWeights(model);

  applyLora(model, { rank: 4, alpha: 8, targets: ["cAttn", "cFc", "mlp.cProj"], rng });
  const adapterWeights = count(model);
  await learn(model, cat, { rng, steps, learningRate: 1e-2, onLoss: note("second") });
  const adapted = await write(model);
  const files = await saveLora(model);
  removeLora(model);
  const removed = await write(model);
  model.dispose();

  const copy = withoutInit(make);
  loadWeights(copy, file);
  loadLora(copy, files, { rng });
  mergeLora(copy);
  removeLora(copy);
  const merged = await write(copy);
  copy.dispose();
  return { texts: [base, adapted, removed, merged], weights, adapterWeights, files, losses };
}

interface Learning {
  readonly rng: Rng;
  readonly steps: number;
  readonly learningRate: number;
  readonly onLoss: (loss: number) => void;
}

async function learn(
  model: Gpt,
  text: string,
  { rng, steps, learningRate, onLoss }: Learning,
): Promise<void> {
  const optimizer = new Optimizer(adamw({ learningRate }), trainable(model));
  const ids = encode(text + text + text);
  for (let step = 0; step < steps; step++) {
    const starts = [...rng.randint(0, text.length, [8]).data];
    const rows = starts.map((start) => ids.slice(start, start + window));
    const x = tensor2d(rows, [8, window], "int32");
    const y = tensor1d(
      starts.flatMap((start) => ids.slice(start + 1, start + window + 1)),
      "int32",
    );
    const loss = await trainStep(model, optimizer, () =>
      crossEntropy(reshape(model.forward(x), [8 * window, characters.length]), y),
    );
    onLoss(loss);
    x.dispose();
    y.dispose();
  }
  optimizer.dispose();
}

async function write(model: Gpt): Promise<string> {
  let text = "the ";
  for await (const token of generate(model, encode(text), { maxNewTokens: 38, temperature: 0 }))
    text += characters[token] as string;
  return text;
}

function encode(text: string): number[] {
  return Array.from(text).map((character) => characters.indexOf(character));
}

function count(model: Gpt): number {
  return Object.values(trainable(model)).reduce((sum, { size }) => sum + size, 0);
}
