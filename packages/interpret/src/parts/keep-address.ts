import type { Selection } from "./selection.ts";

/** How one key of a state is written in an address, and read: undefined for what is not valid. */
export interface AddressText<Value> {
  readonly write: (value: Value) => string;
  readonly read: (text: string) => Value | undefined;
}

/** The keys of a state that an address has. */
export type AddressCodec<S extends object> = { readonly [Key in keyof S]?: AddressText<S[Key]> };

/** An integer from 0 to `most`. */
export const integerText = (most: number): AddressText<number> => ({
  write: String,
  read: (text) => (/^\d{1,9}$/.test(text) && Number(text) <= most ? Number(text) : undefined),
});

/** A finite number from `least` to `most`. */
export const numberText = (least: number, most: number): AddressText<number> => ({
  write: (value) => String(Math.round(1e4 * value) / 1e4),
  read: (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    return value >= least && value <= most ? value : undefined;
  },
});

/** A text of at most `length` letters. */
export const plainText = (length: number): AddressText<string> => ({
  write: (value) => value,
  read: (text) => (text.length <= length ? text : undefined),
});

/** The state that an address has, over `start`: what is unknown or not valid is as in `start`. */
export function readAddress<S extends object>(hash: string, start: S, codec: AddressCodec<S>): S {
  const found = new URLSearchParams(hash.replace(/^#/, ""));
  const state = { ...start };
  for (const key of Object.keys(codec) as (keyof S & string)[]) {
    const text = found.get(key);
    const value = text === null ? undefined : codec[key]?.read(text);
    if (value !== undefined) state[key] = value;
  }
  return state;
}

/** The address of a state, from `#` on; `fixed` is written in front. */
export function writeAddress<S extends object>(
  state: S,
  codec: AddressCodec<S>,
  fixed: Readonly<Record<string, string>> = {},
): string {
  const written = new URLSearchParams(fixed);
  for (const key of Object.keys(codec) as (keyof S & string)[])
    written.set(key, codec[key]?.write(state[key]) ?? "");
  return `#${written.toString()}`;
}

/**
 * Keeps the address up to date with a selection, half a second after a change (browsers allow 100 changes in 30 seconds), and the selection with an address
 * that is changed by hand; gives what ends that.
 */
export function keepAddress<S extends object>(
  selection: Selection<S>,
  start: S,
  codec: AddressCodec<S>,
  fixed: Readonly<Record<string, string>> = {},
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let first = true;
  const off = selection.on(Object.keys(codec) as (keyof S)[], () => {
    if (first) return void (first = false);
    clearTimeout(timer);
    timer = setTimeout(
      () => history.replaceState(history.state, "", writeAddress(selection.state, codec, fixed)),
      500,
    );
  });
  const back = () => selection.set(readAddress(location.hash, start, codec));
  addEventListener("hashchange", back);
  return () => {
    clearTimeout(timer);
    removeEventListener("hashchange", back);
    off();
  };
}
