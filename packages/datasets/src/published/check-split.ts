/** Throws unless it is a part that datasets are published in: JavaScript can ask for any. */
export function checkSplit(caller: string, split: "train" | "test"): void {
  if (split === "train" || split === "test") return;
  throw new RangeError(`${caller}: split is ${JSON.stringify(split)}, expected "train" or "test".`);
}
