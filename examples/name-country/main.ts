// Which country is a family name from? The course's two nets, on its own split of 20,074 names.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { useBackend } from "@pellucid/backends";
import { Accuracy, adam, batches, crossEntropy, fit, logSoftmax, Rng } from "@pellucid/core-train";
import { CharacterVocabulary, type LabeledTexts, names, padSequences, type Splits } from "@pellucid/datasets";
import { exp, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { curveSvg } from "./curve-svg.ts";
import { NameClassifier, type NameClassifierOptions } from "./name-classifier.ts";

const ascii = CharacterVocabulary.ascii();

/** Names as the net reads them, with their countries. */
const collate = (items: readonly { readonly x: string; readonly y: number }[]) => ({
  x: padSequences(items.map(({ x }) => ascii.encode(x))),
  y: { data: Int32Array.from(items, ({ y }) => y), shape: [items.length] as const },
});

/** What to train, on what. */
export interface NameCountryOptions extends Partial<Pick<NameClassifierOptions, "kind" | "hiddenSize">> {
  readonly data: Splits<LabeledTexts>;
  readonly epochs?: number;
  readonly seed?: number;
  readonly onEpoch?: (epoch: Epoch) => void;
}

/** An epoch: its mean loss, and the share of the test names that are right after it. */
export interface Epoch {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  /** Since training began. */
  readonly seconds: number;
}

/** Trains a net. */
export async function main(options: NameCountryOptions): Promise<{ model: NameClassifier; run: Epoch[] }> {
  const { data, kind = "gru", epochs = 10, seed = 0, onEpoch = () => {}, ...sizes } = options;
  const rng = new Rng(seed);
  const model = new NameClassifier({ rng, kind, classes: data.train.classes.length, ...sizes });
  const began = performance.now();
  const run: Epoch[] = [];
  for await (const event of fit(model, batches(data.train, { size: 256, shuffle: true, rng, collate }), {
    loss: crossEntropy,
    optimizer: adam({ learningRate: 1e-3 }),
    epochs,
    validation: batches(data.test, { size: 256, rng, collate }),
    metrics: { accuracy: new Accuracy() },
  })) {
    if (event.kind !== "epoch") continue;
    const { epoch, loss, validation } = event;
    const accuracy = validation?.metrics["accuracy"] ?? NaN;
    const now = { epoch, loss, accuracy, seconds: (performance.now() - began) / 1000 };
    run.push(now);
    onEpoch(now);
  }
  return { model, run };
}

/** The probability of each country for a name. */
export async function ask(model: NameClassifier, name: string): Promise<Float32Array> {
  const codes = ascii.encode(name);
  const probabilities = tidy(() => {
    const x: Tensor2D = tensor2d(codes, [1, codes.length], "int32");
    return exp(logSoftmax(model.forward({ x, lengths: [codes.length] })));
  });
  const data = await probabilities.data<"float32">();
  probabilities.dispose();
  return data;
}

/** `3m 5s` */
const elapsed = (seconds: number) => `${Math.floor(seconds / 60)}m ${Math.floor(seconds % 60)}s`;

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { epochs: { type: "string", default: "10" }, seed: { type: "string", default: "0" } },
  });
  const [kind = "gru"] = positionals;
  if (kind !== "gru" && kind !== "lstm") throw new Error(`No net "${kind}": expected gru or lstm.`);
  const { chosen } = await useBackend();
  const root = process.env["PELLUCID_DATA"];
  const data = await names(root === undefined ? {} : { folder: join(root, "names") });
  console.log(
    `A ${kind.toUpperCase()} on ${chosen}: ${data.train.length} names, ${data.train.classes.length} countries.`,
  );
  const { model, run } = await main({
    data,
    kind,
    epochs: Number(values.epochs),
    seed: Number(values.seed),
    onEpoch: ({ epoch, loss, accuracy, seconds }) =>
      console.log(
        `[${elapsed(seconds)}] epoch ${epoch}: loss ${loss.toFixed(4)}, ${(100 * accuracy).toFixed(2)} % of ${data.test.length} names are right`,
      ),
  });
  const file = `accuracy-${kind}.svg`;
  await writeFile(
    file,
    curveSvg(
      run.map(({ accuracy }) => accuracy),
      "accuracy",
    ),
  );
  console.log(`The curve is in ${file}.`);
  for (const name of ["Nakamura", "Kowalczyk", "O'Sullivan", "Papadopoulos"]) {
    const probabilities = await ask(model, name);
    const best = [...probabilities.keys()].toSorted(
      (a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0),
    );
    const shown = best
      .slice(0, 3)
      .map((i) => `${data.train.classes[i]} ${(100 * (probabilities[i] ?? 0)).toFixed(0)} %`);
    console.log(`${name}: ${shown.join(", ")}`);
  }
}
