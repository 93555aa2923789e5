import { readFileSync } from "node:fs";
import { assemblySources } from "./assembly-sources.ts";

/** A function that the WebAssembly exports. */
export interface Exported {
  readonly file: string;
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly type: string }[];
  /** What it returns: `void`, or a number. */
  readonly result: string;
}

/** What a type of AssemblyScript is to JavaScript. */
const types: Readonly<Record<string, string>> = {
  usize: "number",
  i32: "number",
  f32: "number",
  f64: "number",
  bool: "boolean",
  Window: "number",
};

/**
 * The text of a module that types what the WebAssembly exports: functions whose arguments have names, so that none can be left out or
 * mistaken for another.
 *
 * @throws {SyntaxError} If a parameter has a type that JavaScript cannot pass.
 */
export function assemblyFunctions(folder: string): string {
  const functions = exportedFrom(folder);
  return `// Generated from assembly/*.ts by tools/build-kernels.ts.

/** What our WebAssembly exports. Addresses are in bytes from the start of the memory; 0 stands for none. */
export interface Functions {
${functions.map(signature).join("\n")}
}

type Exports = {
  readonly [Name in keyof Functions]: (...values: (number | boolean)[]) => ReturnType<Functions[Name]>;
};

/** The functions of an instance. */
export const functionsOf = (exports: Exports): Functions => ({
${functions.map(call).join("\n")}
});
`;
}

/** The functions that the WebAssembly exports, by name. */
export const exportedFrom = (folder: string): Exported[] =>
  assemblySources(folder)
    .flatMap(exportedIn)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** The text of a list of the parameters of each function, in their order. */
export function assemblyParameters(folder: string): string {
  const rows = exportedFrom(folder).map(
    ({ name, parameters }) => `  ${name}: [${parameters.map((own) => `"${own.name}"`).join(", ")}],`,
  );
  return `// Generated from assembly/*.ts by tools/build-kernels.ts.
import type { Functions } from "../wasm/functions.generated.ts";

/** The parameters of each function, in their order. */
export const parameters: Readonly<Record<keyof Functions, readonly string[]>> = {
${rows.join("\n")}
};
`;
}

function exportedIn(file: string): Exported[] {
  const source = readFileSync(file, "utf8");
  return [...source.matchAll(/^export function (\w+)\(([^)]*)\): (\w+)/gm)].map(
    ([, name = "", list = "", result = ""]) => ({
      file,
      name,
      result: result === "void" ? "void" : "number",
      parameters: list
        .split(",")
        .map((parameter) => parameter.trim())
        .filter((parameter) => parameter !== "")
        .map((parameter) => {
          const [parameterName = "", type = ""] = parameter.split(/:\s*/);
          if (!(type in types)) {
            throw new SyntaxError(
              `${file}: ${name} takes ${parameterName} of type ${type}, expected ${Object.keys(types).join(", ")}. Put what JavaScript does not call into assembly/parts.`,
            );
          }
          return { name: parameterName, type };
        }),
    }),
  );
}

function signature({ file, name, parameters, result }: Exported): string {
  const fields = parameters.map((parameter) => `    readonly ${parameter.name}: ${types[parameter.type]};`);
  return `  /** \`${file}\` */\n  readonly ${name}: (values: {\n${fields.join("\n")}\n  }) => ${result};`;
}

function call({ name, parameters }: Exported): string {
  return `  ${name}: (v) => exports.${name}(${parameters.map((parameter) => `v.${parameter.name}`).join(", ")}),`;
}
