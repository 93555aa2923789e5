import { OptionError } from "@pellucid/core-train";

/** @throws {OptionError} If it is neither a token of the vocabulary nor `null`. */
export function checkPadToken(caller: string, padTokenId: number | null, vocabSize: number): void {
  if (padTokenId !== null && !(Number.isInteger(padTokenId) && padTokenId >= 0 && padTokenId < vocabSize))
    throw new OptionError(caller, "padTokenId", padTokenId, `a token below ${vocabSize}, or null`);
}
