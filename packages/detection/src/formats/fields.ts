import { AnnotationError } from "./annotation-error.ts";

/** Reads the fields of a record of JSON, and says where one is wrong. */
export class Fields {
  readonly #caller: string;
  readonly #path: string;
  readonly #record: Readonly<Record<string, unknown>>;

  constructor(caller: string, path: string, value: unknown) {
    this.#caller = caller;
    this.#path = path;
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw this.#wrong(path, value, "a record");
    this.#record = value as Readonly<Record<string, unknown>>;
  }

  string(name: string): string {
    const value = this.#own(name);
    if (typeof value === "string") return value;
    throw this.#wrong(this.#at(name), value, "a text");
  }

  /** A finite number of at least `least`. */
  number(name: string, least = -Infinity): number {
    const value = this.#own(name);
    if (typeof value === "number" && Number.isFinite(value) && value >= least) return value;
    throw this.#wrong(
      this.#at(name),
      value,
      least === -Infinity ? "a finite number" : `a number of ${least} or more`,
    );
  }

  integer(name: string, least = -Infinity): number {
    const value = this.number(name, least);
    if (Number.isSafeInteger(value)) return value;
    throw this.#wrong(this.#at(name), value, "an integer");
  }

  /** Finite numbers, `count` of them if it is given. */
  numbers(name: string, count?: number): number[] {
    const value = this.#own(name);
    const isList = Array.isArray(value) && value.every((n) => typeof n === "number" && Number.isFinite(n));
    if (isList && (count === undefined || value.length === count)) return value as number[];
    throw this.#wrong(this.#at(name), value, `${count ?? "a list of"} finite numbers`);
  }

  list(name: string): unknown[] {
    const value = this.#own(name);
    if (Array.isArray(value)) return value;
    throw this.#wrong(this.#at(name), value, "a list");
  }

  /** A list as a record of its indices. */
  items(name: string): { readonly fields: Fields; readonly indices: string[] } {
    const record = Object.fromEntries(this.list(name).entries());
    return { fields: new Fields(this.#caller, this.#at(name), record), indices: Object.keys(record) };
  }

  /** The records of a list. */
  records(name: string): Fields[] {
    return this.list(name).map((value, i) => new Fields(this.#caller, `${this.#at(name)}[${i}]`, value));
  }

  has(name: string): boolean {
    const value = this.#own(name);
    return value !== undefined && value !== null;
  }

  isList(name: string): boolean {
    return Array.isArray(this.#own(name));
  }

  /** An error about one of the fields. */
  wrong(name: string, expected: string): AnnotationError {
    return this.#wrong(this.#at(name), this.#own(name), expected);
  }

  #own(name: string): unknown {
    return Object.hasOwn(this.#record, name) ? this.#record[name] : undefined;
  }

  #at(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }

  #wrong(path: string, value: unknown, expected: string): AnnotationError {
    const found = JSON.stringify(value) ?? String(value);
    const short = found.length > 40 ? `${found.slice(0, 40)}…` : found;
    return new AnnotationError(
      `${this.#caller}: ${path === "" ? "the file" : path} is ${short}, expected ${expected}.`,
    );
  }
}
