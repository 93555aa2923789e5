// Constructors with wrong sizes and options: typed errors, and no tensors left.
import { Module, Rng, withoutInit } from "@pellucid/core-train";
import * as core from "@pellucid/core-train";
import * as exported from "@pellucid/rnn";
import { checkConstructor, type ModuleClass } from "@pellucid/testing";
import { expect, test } from "vitest";

const rng = new Rng(0);
const coder = { rng, numLayers: 2, dropout: 0.1 };
const rows: readonly [create: ModuleClass, ...args: unknown[]][] = [
  [exported.RecurrentLm, { rng, vocabSize: 5, embeddingDim: 3, hiddenSize: 4, numLayers: 2, dropout: 0.1 }],
  [exported.EncoderRNN, 5, 4, coder],
  [exported.BahdanauDecoder, 4, 5, coder],
  [exported.LuongDecoder, 4, 5, { ...coder, attention: exported.LuongConcatAttention }],
  [exported.BahdanauAttention, 4, { rng }],
  [exported.LuongGeneralAttention, 4, { rng }],
  [exported.LuongConcatAttention, 4, { rng }],
  [exported.LuongDotAttention],
];

test.each(rows.map(([create, ...args]) => [create.name, create, args] as const))("%s", (_, create, args) => {
  withoutInit(() => checkConstructor(create, args));
});

test("every exported layer and model has a row", () => {
  const classes = Object.values<unknown>(exported).filter(
    (value) =>
      typeof value === "function" &&
      value.prototype instanceof Module &&
      !(value.name in core) &&
      ![exported.Seq2Seq, exported.AttentionDecoder].includes(value as never),
  );
  const rowed: unknown[] = rows.map(([create]) => create);
  expect(classes.filter((value) => !rowed.includes(value))).toEqual([]);
});
