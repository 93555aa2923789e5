/** PyTorch's and Keras' names for options that have another name here. */
const aliases: Readonly<Record<string, string>> = {
  lr: "learningRate",
  wd: "weightDecay",
  epsilon: "eps",
  batchSize: "size",
  validationData: "validation",
};

/**
 * The one of `names` that `wrong` was probably meant to be: an alias, the same letters in snake_case or other capitals, or
 * few edits away. Null where none is near.
 */
export function nearestName(wrong: string, names: readonly string[]): string | null {
  const alias = Object.hasOwn(aliases, wrong) ? aliases[wrong] : undefined;
  if (alias !== undefined && names.includes(alias)) return alias;
  const letters = plain(wrong);
  let least = 1 + Math.min(3, Math.ceil(letters.length / 4));
  let nearest: string | null = null;
  for (const name of names) {
    const edits = distance(letters, plain(name), least);
    if (edits < least) [least, nearest] = [edits, name];
  }
  return nearest;
}

/** `", did you mean learningRate?"`, or `otherwise` where no name is near. */
export function didYouMean(wrong: string, names: readonly string[], otherwise: string): string {
  const nearest = nearestName(wrong, names);
  return nearest === null ? otherwise : `, did you mean ${nearest}?`;
}

function plain(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/** The number of letters to insert, delete or replace (Levenshtein, 1966); `limit` where it is that or more. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const [replaced = limit, deleted = limit, inserted = limit] = [row[j], row[j + 1], next[j]];
      next.push(Math.min(replaced + (letter === other ? 0 : 1), deleted + 1, inserted + 1));
    }
    row = next;
  }
  return Math.min(limit, row.at(-1) ?? limit);
}
