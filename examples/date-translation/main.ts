// "3 July 2009" becomes "2009-07-03": an encoder reads, a decoder writes, and attention shows what it read for each character.
import { useBackend } from "@pellucid/backends";
import { adam, batches, beamSearch, crossEntropy, fit, Rng } from "@pellucid/core-train";
import { padSequences } from "@pellucid/datasets";
import { BahdanauDecoder, type DecoderOutput, EncoderRNN, Seq2Seq } from "@pellucid/rnn";
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

/** Dates as the net reads them: what people write, and what it is to write, which its decoder is taught. */
function collate(dates: readonly DatePair[]) {
  const { x: source, lengths } = padSequences(dates.map(({ written }) => writtenCharacters.encode(written)));
  const codes = Int32Array.from(dates.flatMap(({ iso }) => [...isoCharacters.encode(iso)]));
  const target = { data: codes, shape: [dates.length, 10] as const };
  return { x: { source, lengths, target }, y: target };
}

const loss = ({ logits }: DecoderOutput, y: Tensor2D) =>
  crossEntropy(reshape(logits, [y.size, isoCharacters.size]), reshape(y, [y.size]));

/** Trains a net; and the share of the new dates that are right to the last digit in the end. */
export async function main(options: DateOptions = {}): Promise<{ model: Seq2Seq; right: number }> {
  const { steps = 300, size = 64, hiddenSize = 64, seed = 0, every = 100, onProgress = () => {} } = options;
  const rng = new Rng(seed);
  const encoder = new EncoderRNN(writtenCharacters.size, hiddenSize, { rng, dropout: 0 });
  const decoder = new BahdanauDecoder(hiddenSize, isoCharacters.size, { rng, dropout: 0 });
  const [startToken = 0] = isoCharacters.encode("^");
  const model: Seq2Seq = new Seq2Seq(encoder, decoder, { startToken });
  const unseen = drawDates(new Rng(seed + 1), 200);
  const now = { step: 0, loss: NaN, right: 0 };
  /** An epoch is as many steps as there are between two looks at the new dates. */
  const drawn = {
    async *[Symbol.asyncIterator]() {
      for (let left = size * Math.min(every, steps - now.step); left > 0; left--)
        yield* await Promise.resolve(drawDates(rng, 1));
    },
  };
  const optimizer = adam({ learningRate: 5e-3 });
  const epochs = Math.ceil(steps / every);
  for await (const event of fit(model, batches(drawn, { size, collate }), { loss, optimizer, epochs })) {
    if (event.kind === "step") Object.assign(now, { step: event.step, loss: event.loss });
    if (event.kind !== "epoch") continue;
    now.right = await rightOf(model, unseen);
    onProgress(now.step, now.loss, now.right);
  }
  return { model, right: now.right };
}

/** The share of some dates that a net writes right, where its decoder reads its own digits. */
async function rightOf(model: Seq2Seq, dates: readonly DatePair[]): Promise<number> {
  let right = 0;
  for await (const { x } of batches(
    { length: dates.length, get: (i) => dates[i] as DatePair },
    { size: dates.length, collate },
  )) {
    const predicted = tidy(() => argMax(model.forward(x, { teacherForcing: 0 }).logits, 2));
    const codes = await predicted.data();
    predicted.dispose();
    right += dates.filter(
      ({ iso }, i) => isoCharacters.decode(codes.subarray(10 * i, 10 * i + 10)) === iso,
    ).length;
  }
  return right / dates.length;
}

/** What a net writes, and a picture of its attention: a row for each character that it wrote, dark where the weight is large. */
export async function ask(model: Seq2Seq, written: string): Promise<{ iso: string; picture: string }> {
  const codes = writtenCharacters.encode(written);
  const options = { beams: 3, maxNewTokens: 10 };
  const [best] = await beamSearch(model.conditionedOn(codes), [model.startToken], options);
  if (best === undefined) throw new Error("There is no translation.");
  const iso = isoCharacters.decode(best.tokens);
  const attention = tidy(() => {
    const source: Tensor2D = tensor2d(codes, [1, codes.length], "int32");
    const target: Tensor2D = tensor2d([...best.tokens], [1, best.tokens.length], "int32");
    return model.forward({ source, target }).attention; // [1, time, source]
  });
  const weights = await attention.data();
  attention.dispose();
  const shade = (weight: number) => " ░▒▓█"[Math.round(4 * weight)];
  const rows = Array.from(iso, (character, i) => {
    const row = weights.subarray(i * codes.length, (i + 1) * codes.length);
    return `  ${character} ${Array.from(row, shade).join("")}`;
  });
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
