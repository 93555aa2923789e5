/**
 * A program of `programs/` as a visitor copies it: the file that the story has run, with the options that it ran with, and the lines that
 * start it in a page of its own.
 *
 * @throws {RangeError} If the file has no such line of options.
 */
export function shownProgram(source: string, options: object): string {
  const defaults = /^export const options: Options = \{[^;]*\};/m;
  if (!defaults.test(source))
    throw new RangeError("shownProgram: found no `export const options: Options = {…};` in the program.");
  const file = source.replace(defaults, () => `export const options: Options = ${literal(options)};`);
  return `import { useBackend } from "@pellucid/backends";
${file}
await useBackend();
const { pictures } = await program(options);
document.body.append(...pictures);
`;
}

/** A value as TypeScript writes it. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{\n${Object.entries(value)
    .map(([name, inner]) => `  ${name}: ${literal(inner)},\n`)
    .join("")}}`;
}
