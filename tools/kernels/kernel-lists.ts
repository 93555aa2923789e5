import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const backends = ["cpu", "tensorflow", "wasm", "webgpu"] as const;

/** The text of a list of all kernels of each backend, `<backend>.generated.ts`: what `<folder>/<backend>.ts` exports. */
export function kernelLists(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .toSorted();
  return Object.fromEntries(
    backends.map((backend) => {
      const own = files.filter((file) => dirname(file) !== "." && basename(file) === `${backend}.ts`);
      const exported = own.map((file) => ({ file, names: namesIn(join(folder, file)) }));
      const imports = exported.map(({ file, names }) => `import { ${names.join(", ")} } from "./${file}";`);
      const names = exported.flatMap((of) => of.names).map((name) => `  ...${name},`);
      const text = `// Generated from src/*/${backend}.ts by tools/build-kernels.ts.
${imports.join("\n")}
import type { Replacement } from "./replace-kernel.ts";

/** All kernels for this backend. */
export const kernels: readonly Replacement[] = [
${names.join("\n")}
];
`;
      return [`${backend}.generated.ts`, text];
    }),
  );
}

/** What a file of kernels exports: lists of them. */
function namesIn(file: string): string[] {
  const source = readFileSync(file, "utf8");
  const own = [...source.matchAll(/^export const (\w+)/gm)].map(([, name = ""]) => name);
  const handedOn = [...source.matchAll(/^export \{([^}]*)\} from/gm)].flatMap(([, names = ""]) =>
    names.split(",").map((name) => name.trim()),
  );
  return [...own, ...handedOn.filter((name) => name !== "")];
}
