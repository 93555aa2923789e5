import { SafetensorsError } from "./safetensors-error.ts";

const [quote, backslash, zero] = [34, 92, 48];
const blanks = new Set([9, 10, 13, 32]);

/** What the header of a safetensors file says of a tensor, not yet checked against the file. */
export interface TensorInfo {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly offsets: readonly number[];
}

/** The header of a safetensors file. */
export interface Header {
  readonly infos: readonly TensorInfo[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads the header of a safetensors file, which is JSON of one form. `JSON.parse` would build whatever a hostile file
 * nests, many times the file's size, and keep the last of two equal keys in silence; this stops at the first sign that is not
 * of the form.
 */
export function readHeader(text: string): Header {
  let at = 0;

  const failure = (expected: string): SafetensorsError =>
    new SafetensorsError(
      `parseSafetensors: the header has ${JSON.stringify(text.slice(at, at + 16))} at ${at}, expected ${expected}.`,
    );
  const skipBlanks = (): void => {
    while (blanks.has(text.charCodeAt(at))) at++;
  };
  const has = (sign: string): boolean => {
    skipBlanks();
    const is = text.charCodeAt(at) === sign.charCodeAt(0);
    if (is) at++;
    return is;
  };
  const take = (sign: string): void => {
    if (!has(sign)) throw failure(sign);
  };
  const words = (): string => {
    take('"');
    const start = at - 1;
    let plain = true;
    for (let code = text.charCodeAt(at); code !== quote; code = text.charCodeAt(++at)) {
      if (Number.isNaN(code)) throw failure("a quote");
      if (code === backslash) at++;
      plain &&= code !== backslash && code >= 32;
    }
    at++;
    if (plain) return text.slice(start + 1, at - 1);
    try {
      return JSON.parse(text.slice(start, at)) as string;
    } catch {
      at = start;
      throw failure("words in quotes");
    }
  };
  const count = (): number => {
    skipBlanks();
    const start = at;
    let value = 0;
    for (
      let digit = text.charCodeAt(at) - zero;
      digit >= 0 && digit <= 9;
      digit = text.charCodeAt(++at) - zero
    ) {
      value = 10 * value + digit;
    }
    const isOne = at > start && (at === start + 1 || text.charCodeAt(start) !== zero); // JSON has no 007
    if (isOne && Number.isSafeInteger(value)) return value;
    at = start;
    throw failure("an integer");
  };
  const counts = (): readonly number[] => {
    const all: number[] = [];
    take("[");
    if (has("]")) return all;
    do all.push(count());
    while (has(","));
    take("]");
    return all;
  };
  const record = <T>(item: (key: string) => T): ReadonlyMap<string, T> => {
    const items = new Map<string, T>();
    take("{");
    if (has("}")) return items;
    do {
      const key = words();
      if (items.has(key)) {
        throw new SafetensorsError(`parseSafetensors: the header has ${JSON.stringify(key)} twice.`);
      }
      take(":");
      items.set(key, item(key));
    } while (has(","));
    take("}");
    return items;
  };
  const info = (name: string): TensorInfo => {
    const found: { dtype?: string; shape?: readonly number[]; offsets?: readonly number[] } = {};
    record((key) => {
      if (key === "dtype") found.dtype = words();
      else if (key === "shape") found.shape = counts();
      else if (key === "data_offsets") found.offsets = counts();
      else throw failure(`nothing but dtype, shape and data_offsets for ${name}`);
    });
    const { dtype, shape, offsets } = found;
    if (dtype !== undefined && shape !== undefined && offsets !== undefined) {
      return { name, dtype, shape, offsets };
    }
    throw new SafetensorsError(`parseSafetensors: ${name} has no dtype, no shape or no data_offsets.`);
  };

  let metadata: ReadonlyMap<string, string> = new Map();
  const infos = record((name) => {
    if (name !== "__metadata__") return info(name);
    metadata = record(words);
    return null;
  });
  skipBlanks();
  if (at < text.length) throw failure("its end");
  return {
    infos: [...infos.values()].filter((found) => found !== null),
    metadata: Object.fromEntries(metadata),
  };
}
