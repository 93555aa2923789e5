import { checkOption } from "./check-option.ts";

/** Throws an {@link OptionError} unless every option is a finite number. */
export function checkFinite(caller: string, options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options))
    checkOption(
      caller,
      name,
      typeof value === "string" ? JSON.stringify(value) : value,
      Number.isFinite(value),
      "a finite number",
    );
}
