import { type JsonRecord, show } from "./json-record.ts";
import { TfjsError } from "./tfjs-error.ts";

/** The configuration of one layer, read with checks. */
export class LayerConfig {
  readonly type: string;
  readonly name: string;
  readonly fields: JsonRecord;

  constructor(type: string, name: string, fields: JsonRecord) {
    this.type = type;
    this.name = name;
    this.fields = fields;
  }

  /** An error about this layer. */
  error(message: string): TfjsError {
    return new TfjsError(`fromTfjs: ${this.type} "${this.name}": ${message}`);
  }

  /** An integer of at least `least`. */
  integer(field: string, least: number, otherwise?: number): number {
    const value = this.fields[field] ?? otherwise;
    if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
    throw this.#wrong(field, `an integer of ${least} or more`);
  }

  /** A finite number. */
  number(field: string, otherwise?: number): number {
    const value = this.fields[field] ?? otherwise;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw this.#wrong(field, "a finite number");
  }

  boolean(field: string, otherwise: boolean): boolean {
    const value = this.fields[field] ?? otherwise;
    if (typeof value === "boolean") return value;
    throw this.#wrong(field, "true or false");
  }

  /** One of some words. */
  choice<Word extends string>(field: string, words: readonly Word[], otherwise?: Word): Word {
    const value = this.fields[field] ?? otherwise;
    const found = words.find((word) => word === value);
    if (found === undefined) throw this.#wrong(field, words.map((word) => `"${word}"`).join(", "));
    return found;
  }

  /** Integers of at least `least`, one for each of `count` axes; one number stands for all. */
  integers(field: string, count: number, least: number, otherwise?: readonly number[]): readonly number[] {
    const value = this.fields[field] ?? otherwise;
    const list: readonly unknown[] = Array.isArray(value) ? value : new Array<unknown>(count).fill(value);
    if (list.length === count && list.every((n) => Number.isSafeInteger(n) && (n as number) >= least))
      return list as readonly number[];
    throw this.#wrong(field, `${count} integers of ${least} or more`);
  }

  /** Refuses anything but the given values. */
  only(field: string, ...allowed: readonly unknown[]): void {
    const value = this.fields[field];
    if (value !== undefined && value !== null && !allowed.includes(value))
      throw this.#wrong(field, allowed.map(show).join(" or "));
  }

  #wrong(field: string, expected: string): TfjsError {
    return this.error(`${field} is ${show(this.fields[field])}, expected ${expected}.`);
  }
}
