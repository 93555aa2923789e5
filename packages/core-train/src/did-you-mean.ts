/**
 * The one of `names` that `wrong` was probably meant to be. Case and underscores do not count. Either both have the same letters
 * (`wieght`), or `wrong` is made of the first letters of the words (`lr`), or they differ by one letter (`optimiser`), or it has some of the
 * letters in order (`shufle`), or it contains the name (`epsilon`, `use_bias`).
 * Undefined if there is none.
 */
export function nearestName(wrong: string, names: readonly string[]): string | undefined {
  const letters = plain(wrong);
  return (
    names.find((name) => sorted(plain(name)) === sorted(letters)) ??
    names.find((name) => initials(name) === letters) ??
    names.find((name) => name.length > 3 && differByOne(letters, plain(name))) ??
    names.find((name) => isWithin(letters, plain(name)) || (name.length > 1 && letters.includes(plain(name))))
  );
}

/** `", did you mean learningRate?"`, or `otherwise` if no name is near. */
export function didYouMean(wrong: string, names: readonly string[], otherwise: string): string {
  const nearest = nearestName(wrong, names);
  return nearest === undefined ? otherwise : `, did you mean ${nearest}?`;
}

function plain(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

function sorted(letters: string): string {
  return Array.from(letters).sort().join("");
}

/** The first letters of the words of a name in camelCase; of one word nothing. */
function initials(name: string): string {
  const capitals = name.slice(1).replaceAll(/[^A-Z]/g, "");
  return capitals === "" ? "" : (name.charAt(0) + capitals).toLowerCase();
}

/** Whether one letter is another, or more, in one of them. */
function differByOne(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return Math.max(a.length, b.length) - start - end === 1;
}

/** Whether `text` begins as `part` does and has its letters, two or more, in their order. */
function isWithin(part: string, text: string): boolean {
  let found = 0;
  for (const letter of text) if (letter === part[found]) found++;
  return part[0] === text[0] && found > 1 && found === part.length;
}
