// A net that learned to compare characters reads alphabets that it never saw, from one example of each letter.
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import {
  adam,
  BatchNorm2d,
  Conv2d,
  Flatten,
  type Layer,
  Linear,
  MaxPool2d,
  type Module,
  oneCycleLr,
  Optimizer,
  ReLU,
  Rng,
  Sequential,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { embed, NeighborIndex, supConLoss } from "@pellucid/metric-learning";
import { dispose, type Tensor, type Tensor4D, tensor1d, tensor4d } from "@tensorflow/tfjs-core";
import { type Affine, changed, composed, drawAffine, drawQuarterTurn } from "./changes.ts";
import { backgroundCharacters, type Character, oneShotTrials, side, type Trial } from "./omniglot.ts";

type CharacterNet = Module & Layer<Tensor4D, Tensor>;

/** Four convolutions, and 128 numbers for a drawing. */
export function characterNet(rng: Rng): CharacterNet {
  const stage = (from: number, to: number) =>
    [new Conv2d(from, to, 3, { rng, padding: 1 }), new BatchNorm2d(to), new ReLU()] as const;
  const half = () => new MaxPool2d(2);
  return new Sequential(
    ...stage(1, 32),
    half(),
    ...stage(32, 64),
    half(),
    ...stage(64, 64),
    half(),
    ...stage(64, 64),
    new Flatten(),
    new Linear(64 * 16, 128, { rng }),
  ) as CharacterNet;
}

const asTensor = (drawings: readonly Float32Array[]): Tensor4D => {
  const data = new Float32Array(drawings.length * side * side);
  for (const [i, drawing] of drawings.entries()) data.set(drawing, i * side * side);
  return tensor4d(data, [drawings.length, side, side, 1]);
};

/** How a whole alphabet is changed, so that it is another one; and how each drawing is. */
const ofAlphabet = { turn: 0.35, stretch: 0.2, slant: 0.35, move: 0 };
const ofDrawing = { turn: 0.2, stretch: 0.15, slant: 0.15, move: 0.1 };
const ofView = { turn: 0.15, stretch: 0.1, slant: 0.1, move: 0.06 };

/** Ten characters of each of a few alphabets, three drawings of each. */
function drawBatch(alphabets: readonly (readonly Character[])[], rng: Rng, groups: number) {
  const [drawings, labels, maps]: [Float32Array[], number[], Affine[]] = [[], [], []];
  for (let group = 0; group < groups; group++) {
    const alphabet = alphabets[rng.randint(0, alphabets.length, [1]).data[0] ?? NaN] ?? [];
    const own = composed(drawQuarterTurn(rng), drawAffine(rng, ofAlphabet));
    for (const c of rng.randperm(alphabet.length).subarray(0, 10)) {
      const character = alphabet[c] as Character;
      for (const d of rng.randperm(character.drawings.length).subarray(0, 3)) {
        drawings.push(character.drawings[d] as Float32Array);
        labels.push(group * 100 + c);
        maps.push(composed(own, drawAffine(rng, ofDrawing)));
      }
    }
  }
  return { drawings, labels, maps };
}

/** How many of the answers are right; a drawing is known by the mean embedding of itself and `views` changed copies. */
export async function solve(net: CharacterNet, trials: readonly Trial[], views = 8): Promise<number> {
  const rng = new Rng(5);
  let right = 0;
  let all = 0;
  for (const { shown, asked, right: answers } of trials) {
    const drawings = asTensor([...shown, ...asked]);
    const sums = new Float32Array(128 * drawings.shape[0]);
    for (let view = 0; view <= views; view++) {
      const maps = Array.from({ length: drawings.shape[0] }, () => drawAffine(rng, ofView));
      const seen = view === 0 ? drawings.clone() : changed(drawings, maps, { rng, bend: 0 });
      const { data } = await embed(net, { data: (await seen.data()) as Float32Array, shape: seen.shape });
      seen.dispose();
      for (let i = 0; i < data.length; i++) {
        const row = i - (i % 128);
        sums[i] = (sums[i] ?? NaN) + (data[i] ?? NaN) / Math.hypot(...data.subarray(row, row + 128));
      }
    }
    drawings.dispose();
    const index = new NeighborIndex(128, { metric: "cosine" });
    index.add({ data: sums.slice(0, 128 * shown.length), shape: [shown.length, 128] });
    const found = index.search({ data: sums.slice(128 * shown.length), shape: [asked.length, 128] }, 1);
    right += found.filter((nearest, i) => nearest[0]?.index === answers[i]).length;
    all += asked.length;
  }
  return right / all;
}

/** Trains on characters, and measures on trials. */
export async function main({
  characters,
  trials,
  steps = 600,
  groups = 4,
  seed = 0,
  onStep = (_step: number, _loss: number): void => {},
}: {
  readonly characters: readonly Character[];
  readonly trials: readonly Trial[];
  readonly steps?: number;
  /** Alphabets of a batch. */
  readonly groups?: number;
  readonly seed?: number;
  readonly onStep?: (step: number, loss: number) => void;
}): Promise<number> {
  const names = [...new Set(characters.map(({ alphabet }) => alphabet))];
  const alphabets = names.map((name) => characters.filter(({ alphabet }) => alphabet === name));
  const rng = new Rng(seed);
  const net = characterNet(rng);
  const learningRate = oneCycleLr(4e-3, { totalSteps: steps, pctStart: 0.15 });
  const optimizer = new Optimizer(adam({ learningRate }), trainable(net));
  for (let step = 1; step <= steps; step++) {
    const { drawings, labels, maps } = drawBatch(alphabets, rng, groups);
    const plain = asTensor(drawings);
    const [x, y] = [changed(plain, maps, { rng, bend: 0.05 }), tensor1d(labels, "int32")];
    const loss = await trainStep(net, optimizer, () => supConLoss(net.forward(x), y));
    dispose([plain, x, y]);
    onStep(step, loss);
  }
  optimizer.dispose();
  const right = await solve(net, trials);
  net.dispose();
  return right;
}

if (import.meta.main) {
  const root = process.env["PELLUCID_DATA"];
  if (root === undefined)
    throw new Error("Set PELLUCID_DATA to a folder that has omniglot/one-shot-runs.zip and so on.");
  await useBackend();
  const folder = join(root, "omniglot");
  const [characters, trials] = [await backgroundCharacters(folder), await oneShotTrials(folder)];
  const onStep = (step: number, loss: number) => {
    if (step % 50 === 0) console.log(`step ${step}: loss ${loss.toFixed(3)}`);
  };
  const right = await main({ characters, trials, seed: Number(process.argv[2] ?? 0), onStep });
  console.log(`The twenty trials of twenty characters: ${(100 * right).toFixed(1)} % are right.`);
}
