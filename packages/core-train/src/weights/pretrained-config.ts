import { nearestName } from "../did-you-mean.ts";
import { PretrainedError } from "./pretrained-error.ts";

/** The fields of a `config.json`, read with errors that name them. */
export class PretrainedConfig {
  readonly #caller: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  /**
   * @param caller who reads, for errors: `Gpt.fromConfig`
   * @param config the parsed file
   * @throws {PretrainedError} If it is not an object.
   */
  constructor(caller: string, config: unknown) {
    if (typeof config !== "object" || config === null || Array.isArray(config))
      throw new PretrainedError(`${caller}: config is ${JSON.stringify(config)}, expected an object.`);
    this.#caller = caller;
    this.#fields = { ...config };
  }

  /** Whether there is a field of this name that is not `null`. */
  has(name: string): boolean {
    return this.#fields[name] !== undefined && this.#fields[name] !== null;
  }

  /** A field as it is. */
  value(name: string): unknown {
    return this.#fields[name];
  }

  /** A field that is an object, or the config without fields where it is not there. */
  inner(name: string): PretrainedConfig {
    return new PretrainedConfig(`${this.#caller}: ${name}`, this.has(name) ? this.#fields[name] : {});
  }

  /**
   * A number.
   *
   * @param otherwise its value where the field is not there. Default: it must be.
   */
  number(name: string, otherwise?: number): number {
    const value = this.#given(name, otherwise);
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw this.#unexpected(name, "a number");
  }

  /** A list of numbers. */
  numbers(name: string): readonly number[] {
    const value = this.#given(name, undefined);
    if (Array.isArray(value) && value.every((item) => typeof item === "number" && Number.isFinite(item)))
      return value as number[];
    throw this.#unexpected(name, "a list of numbers");
  }

  /** A positive integer. */
  size(name: string, otherwise?: number): number {
    const value = this.#given(name, otherwise);
    if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
    throw this.#unexpected(name, "a positive integer");
  }

  /** `true` or `false`. */
  flag(name: string, otherwise?: boolean): boolean {
    const value = this.#given(name, otherwise);
    if (typeof value === "boolean") return value;
    throw this.#unexpected(name, "true or false");
  }

  /** What a table has for the text in a field. */
  choice<T>(name: string, table: Readonly<Record<string, T>>, otherwise?: string): T {
    const value = this.#given(name, otherwise);
    if (typeof value === "string" && Object.hasOwn(table, value)) return table[value] as T;
    throw this.#unexpected(
      name,
      Object.keys(table)
        .map((known) => JSON.stringify(known))
        .join(" or "),
    );
  }

  /**
   * Refuses a model that needs what is not there.
   *
   * @param values those that need nothing; a field that is not there, or `null`, is one
   */
  only(name: string, ...values: readonly (string | number | boolean)[]): void {
    if (!this.has(name) || values.some((value) => value === this.#fields[name])) return;
    throw this.#unexpected(
      name,
      `${values.map((value) => JSON.stringify(value)).join(" or ")}; no other is known`,
    );
  }

  #given(name: string, otherwise: unknown): unknown {
    if (this.has(name) || otherwise !== undefined) return this.has(name) ? this.#fields[name] : otherwise;
    const nearest = nearestName(name, Object.keys(this.#fields));
    const hint = nearest === undefined ? "" : ` It has ${nearest}.`;
    throw new PretrainedError(`${this.#caller}: the config has no ${name}.${hint}`);
  }

  #unexpected(name: string, expected: string): PretrainedError {
    const shown = JSON.stringify(this.#fields[name]);
    return new PretrainedError(`${this.#caller}: ${name} is ${shown}, expected ${expected}.`);
  }
}
