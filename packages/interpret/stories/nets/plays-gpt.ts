import type { Rng } from "@pellucid/core-train";
import { CharacterVocabulary } from "@pellucid/datasets";
import { Gpt } from "@pellucid/transformer";

/** The characters of the plays that it has read. */
export const characters = new CharacterVocabulary(
  "\n !$&',-.3:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
);

/** A GPT of two blocks that has read plays, a character at a time. */
export const playsGpt = (rng: Rng): Gpt =>
  new Gpt({
    rng,
    vocabSize: characters.size,
    blockSize: 64,
    nLayer: 2,
    nHead: 4,
    nEmbd: 64,
    approximate: "none",
  });
