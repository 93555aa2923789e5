import { OptionError } from "./option-error.ts";

/**
 * Refuses options that other libraries have where ours has another way, and says which: `{ r: "rank" }`.
 *
 * @param instead what to write for each such option
 * @throws {OptionError} the first of them
 */
export function refuseForeignOptions(
  caller: string,
  options: object,
  instead: Readonly<Record<string, string>>,
): void {
  for (const [name, right] of Object.entries(instead))
    if (Object.hasOwn(Object(options) as object, name)) {
      const error = new OptionError(caller, name, "unknown", right);
      error.message = `${caller}: there is no option ${name}; write ${right}.`;
      throw error;
    }
}
