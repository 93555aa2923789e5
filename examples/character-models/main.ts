// A language model learns to write plays, a character at a time: it reads windows of 64, and then writes on.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { useBackend } from "@pellucid/backends";
import { evaluate, generate, Rng, streamText } from "@pellucid/core-train";
import { type CharacterText, tinyShakespeare } from "@pellucid/datasets";
import { RecurrentLm } from "@pellucid/rnn";
import { type CharacterModel, type Kind, kinds, makeModel } from "./models.ts";
import { optimizerFor, type Recipe, recipes } from "./recipes.ts";
import { lossOf, trainCarrying, trainOnWindows } from "./train.ts";
import { spreadWindows } from "./windows.ts";

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

/** Trains a model on a text: a recurrent one on streams, with its state carried from step to step, any other on windows at random. */
export async function main(options: TrainingOptions): Promise<CharacterModel> {
  const { text, kind = "mamba", seed = 0, window = 64, width, every = 250, onLoss = () => {} } = options;
  const recipe = { ...recipes[kind], ...options };
  const rng = new Rng(seed);
  const model = makeModel(kind, { rng, vocabSize: text.vocabulary.size, window, ...(width && { width }) });
  const optimizer = optimizerFor(kind, model, recipe);
  const unseen = spreadWindows(text.validation, { size, window, count: 20 * size });
  const look = async (step: number) => onLoss(step, (await evaluate(model, unseen, { loss: lossOf })).loss);
  const training = { tokens: text.train, size, window, steps: recipe.steps, optimizer, every, look };
  if (model instanceof RecurrentLm) await trainCarrying(model, training);
  else await trainOnWindows(model, training, rng);
  optimizer.dispose();
  return model;
}

/**
 * Characters that a model writes after a prompt.
 *
 * @param onPiece called with the prompt, and with each piece of text as it is written
 */
export async function write(
  model: CharacterModel,
  { vocabulary }: CharacterText,
  prompt: string,
  length: number,
  temperature = 0.8,
  onPiece: (piece: string) => void = () => {},
): Promise<string> {
  const sampling = { maxNewTokens: length, temperature, rng: new Rng(0) };
  let text = prompt;
  onPiece(prompt);
  for await (const piece of streamText(generate(model, vocabulary.encode(prompt), sampling), vocabulary)) {
    text += piece;
    onPiece(piece);
  }
  return text;
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
  await write(model, text, "\n", 400, 0.8, (piece) => process.stdout.write(piece));
  console.log();
}
