// "3 July 2009" becomes "2009-07-03": an encoder reads, a decoder writes, and attention says where it looked for each character.
import { useBackend } from "@pellucid/backends";
import { adam, crossEntropy, Optimizer, Rng, trainable, trainStep } from "@pellucid/core-train";
import { padSequences } from "@pellucid/datasets";
import { BahdanauDecoder, EncoderRNN, Seq2Seq, translate } from "@pellucid/rnn";
import { argMax, reshape, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { type DatePair, drawDates, isoCharacters, writtenCharacters } from "./dates.ts";

/** What to train, and for how long. */
export interface DateOptions {
  readonly steps?: number;
  readonly size?: number;
  readonly hiddenSize?: number;
  readonly seed?: number;
  /** How many steps between two looks at dates that are new. */
  readonly every?: number;
  readonly onProgress?: (step: number, loss: number, right: number) => void;
}

/** Dates as the net reads them. */
function tensorsOf(dates: readonly DatePair[]) {
  const { x, lengths } = padSequences(dates.map(({ written }) => writtenCharacters.encode(written)));
  const source: Tensor2D = tensor2d(x.data, [...x.shape], "int32");
  const codes = Int32Array.from(dates.flatMap(({ iso }) => [...isoCharacters.encode(iso)]));
  const target: Tensor2D = tensor2d(codes, [dates.length, 10], "int32");
  return { source, lengths, target };
}

/** Trains a net; and the share of the new dates that are right to the last digit in the end. */
export async function main(options: DateOptions = {}): Promise<{ model: Seq2Seq; right: number }> {
  const { steps = 300, size = 64, hiddenSize = 64, seed = 0, every = 100, onProgress = () => {} } = options;
  const rng = new Rng(seed);
  const encoder = new EncoderRNN(writtenCharacters.size, hiddenSize, { rng, dropout: 0 });
  const decoder = new BahdanauDecoder(hiddenSize, isoCharacters.size, { rng, dropout: 0 });
  const [startToken = 0] = isoCharacters.encode("^");
  const model: Seq2Seq = new Seq2Seq(encoder, decoder, { startToken });
  const unseen = drawDates(new Rng(seed + 1), 200);
  const optimizer = new Optimizer(adam({ learningRate: 5e-3 }), trainable(model));
  let right = 0;
  for (let step = 1; step <= steps; step++) {
    const { source, lengths, target } = tensorsOf(drawDates(rng, size));
    const loss = await trainStep(model, optimizer, () => {
      const { logits } = model.forward(source, target, { lengths });
      return crossEntropy(reshape(logits, [target.size, isoCharacters.size]), reshape(target, [target.size]));
    });
    source.dispose();
    target.dispose();
    if (step % every !== 0 && step !== steps) continue;
    right = await rightOf(model, unseen);
    onProgress(step, loss, right);
  }
  optimizer.dispose();
  return { model, right };
}

/** The share of some dates that a net writes right, each digit after its own ones before. */
async function rightOf(model: Seq2Seq, dates: readonly DatePair[]): Promise<number> {
  const likeliest = tidy(() => {
    const { source, lengths, target } = tensorsOf(dates);
    return argMax(model.forward(source, target, { lengths, teacherForcing: 0 }).logits, 2);
  });
  const codes = await likeliest.data();
  likeliest.dispose();
  const right = dates.filter(
    ({ iso }, i) => isoCharacters.decode(codes.subarray(10 * i, 10 * i + 10)) === iso,
  );
  return right.length / dates.length;
}

/** What a net writes, and a picture of where it looked: a row for each character that it wrote, dark where it looked much. */
export async function ask(model: Seq2Seq, written: string): Promise<{ iso: string; picture: string }> {
  const [best] = await translate(model, writtenCharacters.encode(written), { maxLength: 10, beams: 3 });
  if (best === undefined) throw new Error("There is no translation.");
  const iso = isoCharacters.decode(best.tokens);
  const shade = (weight: number) => " ░▒▓█"[Math.round(4 * weight)];
  const rows = best.attention.map((weights, i) => `  ${iso[i]} ${Array.from(weights, shade).join("")}`);
  return { iso, picture: [`    ${written}`, ...rows].join("\n") };
}

if (import.meta.main) {
  const { chosen } = await useBackend();
  console.log(`Training on ${chosen}.`);
  const began = performance.now();
  const { model } = await main({
    onProgress: (step, loss, right) =>
      console.log(
        `step ${step}: loss ${loss.toFixed(4)}, ${(100 * right).toFixed(1)} % of 200 new dates are right (${((performance.now() - began) / 1000).toFixed(0)} s)`,
      ),
  });
  for (const written of ["3 july 2009", "november 30, 1999", "12/25/2024", "25.12.2024"]) {
    const { iso, picture } = await ask(model, written);
    console.log(`\n${written} → ${iso}\n${picture}`);
  }
}
