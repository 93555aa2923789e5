import type { Rng } from "@pellucid/core-train";
import { CharacterVocabulary } from "@pellucid/datasets";

/** A date as people write it, and as computers do: `3 July 2009`, `2009-07-03`. */
export interface DatePair {
  readonly written: string;
  readonly iso: string;
}

/** The characters of what people write. */
export const writtenCharacters = new CharacterVocabulary("0123456789 .,/abcdefghijklmnopqrstuvwxyz");
/** The characters of what comes out, and `^`, which begins it. */
export const isoCharacters = new CharacterVocabulary("0123456789-^");

const months = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
] as const;

/** Some days from 1950 to 2049, each written in one of five ways. */
export function drawDates(rng: Rng, count: number): readonly DatePair[] {
  const one = (low: number, high: number) => rng.randint(low, high, [1]).data[0] as number;
  return Array.from({ length: count }, () => {
    const [year, month] = [one(1950, 2050), one(0, 12)];
    const day = one(1, 1 + new Date(Date.UTC(year, month + 1, 0)).getUTCDate());
    const name = months[month] as string;
    const ways = [
      `${day} ${name} ${year}`,
      `${name} ${day}, ${year}`,
      `${name.slice(0, 3)} ${day} ${year}`,
      `${day}.${month + 1}.${year}`,
      `${month + 1}/${day}/${year}`,
    ];
    const pad = (n: number) => String(n).padStart(2, "0");
    return { written: ways[one(0, 5)] as string, iso: `${year}-${pad(month + 1)}-${pad(day)}` };
  });
}
