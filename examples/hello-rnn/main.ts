// The smallest sequence to sequence: "hello" in, "ohlol" out. The two l become "l" and "o": what a letter becomes depends on those before it.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  crossEntropy,
  Embedding,
  Linear,
  Module,
  oneHot,
  Optimizer,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { CharacterVocabulary } from "@pellucid/datasets";
import { RNN, RNNCell } from "@pellucid/rnn";
import {
  argMax,
  expandDims,
  reshape,
  stack,
  type Tensor1D,
  tensor1d,
  type Tensor2D,
  type Tensor3D,
  tidy,
  unstack,
} from "@tensorflow/tfjs-core";

const vocabulary = new CharacterVocabulary("hello"); // e, h, l, o

/** Letters to the logits of others: `[time]` → `[time, letter]`. */
abstract class Speller extends Module {
  abstract forward(letters: Tensor1D): Tensor2D;
}

/** A loop of your own around a cell, whose state is the logits. */
class ByCell extends Speller {
  readonly rnncell: RNNCell;

  constructor(rng: Rng) {
    super();
    this.rnncell = new RNNCell(4, 4, { rng });
  }

  forward(letters: Tensor1D): Tensor2D {
    return tidy(() => {
      const outputs: Tensor2D[] = [];
      let state = this.rnncell.initialState(1);
      for (const letter of unstack(oneHot(letters, 4))) {
        const step = this.rnncell.step(expandDims(letter), state);
        outputs.push(step.output); // [1, letter]
        state = step.state;
      }
      return reshape(stack(outputs), [outputs.length, 4]);
    });
  }
}

/** The layer has the loop in it. */
class ByLayer extends Speller {
  readonly rnn: RNN;

  constructor(rng: Rng) {
    super();
    this.rnn = new RNN(4, 4, { rng });
  }

  forward(letters: Tensor1D): Tensor2D {
    return tidy(() => {
      const x: Tensor3D = expandDims(oneHot(letters, 4)); // [1, time, letter]
      return reshape(this.rnn.forward(x), [letters.size, 4]);
    });
  }
}

/** Letters are learned vectors, two layers read them, and the state may be larger than there are letters. */
class ByEmbedding extends Speller {
  readonly emb: Embedding;
  readonly rnn: RNN;
  readonly fc: Linear;

  constructor(rng: Rng) {
    super();
    this.emb = new Embedding(4, 10, { rng });
    this.rnn = new RNN(10, 8, { rng, numLayers: 2 });
    this.fc = new Linear(8, 4, { rng });
  }

  forward(letters: Tensor1D): Tensor2D {
    return tidy(() => {
      const x: Tensor3D = expandDims(this.emb.forward(letters)); // [1, time, 10]
      return reshape(this.fc.forward(this.rnn.forward(x)), [letters.size, 4]);
    });
  }
}

/** The course's three ways, with its learning rates; the first adds up the losses of the letters, the others take their mean. */
export const ways = {
  cell: { make: (rng: Rng) => new ByCell(rng), learningRate: 0.1, reduction: "sum" },
  layer: { make: (rng: Rng) => new ByLayer(rng), learningRate: 0.05, reduction: "mean" },
  embedding: { make: (rng: Rng) => new ByEmbedding(rng), learningRate: 0.05, reduction: "mean" },
} as const;

/** What an epoch says, and how wrong it is. */
export interface Epoch {
  readonly word: string;
  readonly loss: number;
}

/** Trains a way. */
export async function main(way: keyof typeof ways, { epochs = 15, seed = 0 } = {}): Promise<Epoch[]> {
  const { make, learningRate, reduction } = ways[way];
  const model = make(new Rng(seed));
  const optimizer = new Optimizer(adam({ learningRate }), trainable(model));
  const x = tensor1d(vocabulary.encode("hello"), "int32");
  const y = tensor1d(vocabulary.encode("ohlol"), "int32");
  const run: Epoch[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const mostLikely = tidy(() => argMax(model.forward(x), 1));
    const word = vocabulary.decode(await mostLikely.data());
    const loss = await trainStep(model, optimizer, () => crossEntropy(model.forward(x), y, { reduction }));
    run.push({ word, loss });
    mostLikely.dispose();
  }
  x.dispose();
  y.dispose();
  model.dispose();
  return run;
}

if (import.meta.main) {
  await useBackend();
  const seed = Number(process.argv[2] ?? 2);
  for (const way of ["cell", "layer", "embedding"] as const) {
    console.log(`by ${way}:`);
    for (const [i, { word, loss }] of (await main(way, { seed })).entries())
      console.log(`  epoch ${String(i + 1).padStart(2)}: ${word}, loss ${loss.toFixed(4)}`);
  }
}
