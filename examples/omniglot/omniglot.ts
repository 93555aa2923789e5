import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readZip } from "@pellucid/datasets";
import { decode } from "fast-png";

/** The height and width of a drawing, a third of the original. */
export const side = 35;

/** A character, drawn by several people: the share of ink of each pixel, row by row. */
export interface Character {
  readonly alphabet: string;
  readonly drawings: readonly Float32Array[];
}

/** One of the official trials: which of twenty characters, each shown once, is each of twenty other drawings? */
export interface Trial {
  readonly shown: readonly Float32Array[];
  readonly asked: readonly Float32Array[];
  /** The index in `shown` that is right for each of `asked`. */
  readonly right: readonly number[];
}

/** The characters to train on. @param folder has `images_background_small1.zip` and `images_background_small2.zip`, which share some alphabets */
export async function backgroundCharacters(folder: string): Promise<Character[]> {
  const characters = new Map<string, { alphabet: string; drawings: Map<string, Float32Array> }>();
  for (const archive of ["images_background_small1.zip", "images_background_small2.zip"])
    for (const [path, bytes] of await readZip(await readFile(join(folder, archive)))) {
      const [, alphabet = "", character = "", file = ""] = path.split("/");
      if (!file.endsWith(".png") || path.startsWith("__MACOSX")) continue;
      const key = `${alphabet}/${character}`;
      const found = characters.get(key) ?? { alphabet, drawings: new Map<string, Float32Array>() };
      found.drawings.set(file, inkOf(bytes));
      characters.set(key, found);
    }
  return [...characters.values()].map(({ alphabet, drawings }) => ({
    alphabet,
    drawings: [...drawings.values()],
  }));
}

/** The twenty official trials. @param folder has `one-shot-runs.zip` */
export async function oneShotTrials(folder: string): Promise<Trial[]> {
  const files = await readZip(await readFile(join(folder, "one-shot-runs.zip")));
  const ink = (path: string) => inkOf(files.get(path) ?? new Uint8Array());
  return Array.from({ length: 20 }, (_, i) => {
    const run = `run${String(i + 1).padStart(2, "0")}`;
    const lines = new TextDecoder()
      .decode(files.get(`${run}/class_labels.txt`))
      .trim()
      .split("\n");
    const pairs = lines.map((line) => line.trim().split(/\s+/));
    return {
      shown: pairs.map((_pair, k) => ink(`${run}/training/class${String(k + 1).padStart(2, "0")}.png`)),
      asked: pairs.map(([asked = ""]) => ink(asked)),
      right: pairs.map(([, shown = ""]) => Number(/class(\d+)/.exec(shown)?.[1]) - 1),
    };
  });
}

/** The means of 3 × 3 pixels of a picture of one bit a pixel, whose ink is 0. */
function inkOf(png: Uint8Array): Float32Array {
  const { data, width } = decode(png);
  const rowBytes = Math.ceil(width / 8);
  const means = new Float32Array(side * side);
  for (let y = 0; y < 3 * side; y++)
    for (let x = 0; x < 3 * side; x++) {
      const isInk = (((data[y * rowBytes + (x >> 3)] ?? 255) >> (7 - (x & 7))) & 1) === 0;
      const at = Math.floor(y / 3) * side + Math.floor(x / 3);
      if (isInk) means[at] = (means[at] ?? NaN) + 1 / 9;
    }
  return means;
}
