import type { Rng } from "@pellucid/core-train";
import { CharacterVocabulary } from "@pellucid/datasets";
import { MambaLm } from "@pellucid/mamba";
import { Gpt } from "@pellucid/transformer";

/** The characters of the plays that the nets have read. */
export const characters = new CharacterVocabulary(
  "\n !$&',-.3:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
);

const vocabSize = characters.size;

/** A GPT of two blocks that looks back at 64 characters. */
export const playsGpt = (rng: Rng): Gpt =>
  new Gpt({ rng, vocabSize, blockSize: 64, nLayer: 2, nHead: 4, nEmbd: 64, approximate: "none" });

/** A Mamba of two blocks. */
export const playsMamba = (rng: Rng): MambaLm => new MambaLm({ rng, vocabSize, dModel: 64, nLayer: 2 });
