// Attention maps taken together, by hand; and a small transformer read layer by layer.
import { OptionError, Rng, ShapeError } from "@pellucid/core-train";
import { activationPatching, attentionFlow, attentionRollout, logitLens } from "@pellucid/interpret";
import { sines } from "@pellucid/testing";
import { attentionMaps, Gpt } from "@pellucid/transformer";
import {
  reshape,
  slice,
  softmax,
  type Tensor1D,
  tensor2d,
  type Tensor2D,
  tensor4d,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const gpt = () => new Gpt({ rng: new Rng(0), vocabSize: 7, blockSize: 6, nEmbd: 8, nLayer: 3, nHead: 2 });
const tokens = (...row: number[]): Tensor2D => tensor2d([row], [1, row.length], "int32");

test("rollout multiplies layers, with half of each position passed by: a case by hand", () => {
  const [first, second] = [tensor4d([1, 0, 0.5, 0.5], [1, 1, 2, 2]), tensor4d([1, 0, 1, 0], [1, 1, 2, 2])];
  // [[1, 0], [1/2, 1/2]] · [[1, 0], [1/4, 3/4]]
  expect(attentionRollout([first, second])).toBeAllclose([1, 0, 0.625, 0.375]);
});

test("heads count alike, and rows add up to one", () => {
  const two = tensor4d([1, 0, 1, 0, 0, 1, 0, 1], [1, 2, 2, 2]);
  expect(attentionRollout([two])).toBeAllclose([0.75, 0.25, 0.25, 0.75]);
});

test("flow is what the narrowest cut lets through", async () => {
  const positions = 3;
  const maps = [0, 1, 2].map((i) => softmax(sines([1, 2, positions, positions], i)) as Tensor4D);
  const { data, shape } = await attentionFlow(maps);
  expect(shape).toEqual([1, 3, 3]);
  const widths = maps.map((map) => attentionRollout([map]).dataSync());
  // each set of the positions between that stays above the cut gives what crosses it
  const narrowest = (top: number, input: number): number => {
    let least = Infinity;
    for (let set = 0; set < 2 ** (4 * positions); set++) {
      const isAbove = (level: number, position: number) =>
        ((set >> (level * positions + position)) & 1) === 1;
      if (!isAbove(3, top) || isAbove(0, input)) continue;
      let crossing = 0;
      for (let level = 0; level < 3; level++)
        for (let above = 0; above < positions; above++)
          for (let below = 0; below < positions; below++)
            if (isAbove(level + 1, above) && !isAbove(level, below))
              crossing += widths[level]?.[above * positions + below] as number;
      least = Math.min(least, crossing);
    }
    return least;
  };
  const cuts = [0, 1, 2].flatMap((top) => [0, 1, 2].map((input) => narrowest(top, input)));
  expect(data).toBeAllclose(cuts, { rtol: 0, atol: 1e-6 });
});

test("the lens ends in what the model says itself", () => {
  const model = gpt();
  const { h, lnF } = model.transformer;
  const x = tokens(1, 2, 3, 4);
  const guesses = logitLens(
    h,
    (y) => model.logits(lnF.forward(y)),
    () => model.forward(x),
  );
  expect(guesses).toHaveLength(3);
  expect(guesses[2] ?? []).toBeAllclose(model.forward(x), { rtol: 0, atol: 1e-6 });
  expect(guesses[0]?.dataSync()).not.toEqual(guesses[2]?.dataSync());
});

test("patching: after the last layer only the position that is read counts, and all before the change count nothing", () => {
  const model = gpt();
  const score = (x: Tensor2D) => reshape(slice(model.forward(x), [0, 3, 5], [1, 1, 1]), [1]) as Tensor1D; // token 5 after the last
  const found = activationPatching(score, model.transformer.h, tokens(1, 2, 3, 4), tokens(1, 6, 3, 4));
  expect(found).toHaveShape([3, 4]);
  expect(slice(found, [2, 0], [1, 4])).toBeAllclose([0, 0, 0, 1], { rtol: 0, atol: 1e-4 });
  expect(slice(found, [0, 0], [3, 1])).toBeAllclose([0, 0, 0], { rtol: 0, atol: 1e-4 });
});

test("maps of a model go in as they come", () => {
  const model = gpt();
  const maps = Object.values(attentionMaps(model, () => model.forward(tokens(1, 2, 3, 4))));
  const rolled = attentionRollout(maps);
  expect(rolled).toHaveShape([1, 4, 4]);
  expect(slice(rolled, [0, 0, 1], [1, 1, 3])).toBeAllclose([0, 0, 0]); // none looks ahead
});

test("they leave what they give and nothing else, and refuse what does not fit", async () => {
  const model = gpt();
  const map = softmax(sines([1, 2, 3, 3])) as Tensor4D;
  const x = tokens(1, 2, 3);
  expect(() => attentionRollout([map, map])).toLeakNothing();
  expect(() =>
    logitLens(
      model.transformer.h,
      (y) => y,
      () => model.forward(x),
    ),
  ).toLeakNothing();
  expect(() =>
    activationPatching(
      (at) => reshape(slice(model.forward(at), [0, 0, 0], [1, 1, 1]), [1]),
      model.transformer.h,
      x,
      x,
    ),
  ).toLeakNothing();
  await attentionFlow([map]);
  expect(() =>
    logitLens(
      gpt().transformer.h,
      (y) => y,
      () => {},
    ),
  ).toThrow("logitLens: layer 0 did not run. Is it one that body runs?");
  expect(() => attentionRollout([])).toThrow(
    new OptionError("attentionRollout", "maps", "empty", "those of one layer at least"),
  );
  expect(() => attentionRollout([map, softmax(sines([1, 2, 4, 4])) as Tensor4D])).toThrow(
    new ShapeError("attentionRollout: maps[1] is [1, 2, 4, 4], expected [1, head, 3, 3]."),
  );
  expect(() => activationPatching(() => sines([1]) as Tensor1D, [], x, tokens(1))).toThrow(
    new ShapeError("activationPatching: corrupted is [1, 1], expected [1, 3], as clean is."),
  );
});
