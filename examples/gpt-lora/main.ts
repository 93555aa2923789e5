// A small GPT learns one sentence. An adapter of low rank then teaches it another, is saved, taken out, and put into a copy.
import { useBackend } from "@pellucid/backends";
import {
  adamw,
  applyLora,
  crossEntropy,
  generate,
  loadLora,
  loadWeights,
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
  readonly adapterBytes: number;
}

/** Trains a GPT, then an adapter of it. */
export async function main(seed = 0): Promise<LoraReport> {
  const rng = new Rng(seed);
  const make = () =>
    new Gpt({ rng, vocabSize: characters.length, blockSize: window, nLayer: 2, nHead: 4, nEmbd: 48 });
  const model = make();
  const weights = count(model);
  await learn(model, fox, rng, 150, 5e-3);
  const base = await write(model);
  const file = await saveWeights(model);

  applyLora(model, { rank: 4, alpha: 8, targets: ["cAttn", "cFc", "mlp.cProj"], rng });
  const adapterWeights = count(model);
  await learn(model, cat, rng, 150, 2e-2);
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
  const adapterBytes = files["adapter_model.safetensors"].length;
  return { texts: [base, adapted, removed, merged], weights, adapterWeights, adapterBytes };
}

async function learn(model: Gpt, text: string, rng: Rng, steps: number, learningRate: number): Promise<void> {
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
    await trainStep(model, optimizer, () =>
      crossEntropy(reshape(model.forward(x), [8 * window, characters.length]), y),
    );
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

if (import.meta.main) {
  await useBackend();
  const { texts, weights, adapterWeights, adapterBytes } = await main();
  const [base, adapted, removed, merged] = texts;
  console.log(`${weights.toLocaleString("en")} weights write:          ${base}`);
  console.log(`an adapter of ${adapterWeights.toLocaleString("en")}, ${adapterBytes} bytes: ${adapted}`);
  console.log(`without it again:                ${removed}`);
  console.log(`merged into a copy:              ${merged}`);
}
