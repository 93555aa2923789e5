import { didYouMean } from "./did-you-mean.ts";
import { OptionError } from "./option-error.ts";

/** The names of all options of `O`, also where `O` is a union. */
type OptionName<O> = O extends unknown ? keyof O & string : never;

/** Anything if `Name` are the names of all options of `O`; otherwise the compiler shows which are missing or unknown. */
type Exactly<O, Name> = [Exclude<OptionName<O>, Name> | Exclude<Name, OptionName<O>>] extends [never]
  ? unknown
  : { readonly missing: Exclude<OptionName<O>, Name>; readonly unknown: Exclude<Name, OptionName<O>> };

/**
 * Refuses options that do not exist. Called once by a constructor or a factory, not within a loop.
 *
 * ```ts
 * checkOptions("Linear", options, ["rng", "bias"]); // compiles only if LinearOptions has these and no others
 * ```
 *
 * @throws {OptionError} the first unknown option, with the known one that was probably meant; or where there are no options
 */
export function checkOptions<O extends object, const Name extends string>(
  caller: string,
  options: O,
  known: readonly Name[] & Exactly<O, NoInfer<Name>>,
): void {
  const names: readonly string[] = Array.isArray(known) ? known : [];
  const given: unknown = options;
  if (typeof given !== "object" || given === null)
    throw new OptionError(caller, "options", given, `an object with ${names.join(", ")}`);
  for (const name of Object.keys(given)) if (!names.includes(name)) throw unknownOption(caller, name, names);
}

function unknownOption(caller: string, name: string, known: readonly string[]): OptionError {
  const error = new OptionError(caller, name, "unknown", known.join(", "));
  error.message = `${caller}: there is no option ${name}${didYouMean(name, known, `, expected some of ${known.join(", ")}.`)}`;
  return error;
}
