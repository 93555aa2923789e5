/** A whole program from its parts: what they import comes first, each name once. */
export function program(...parts: readonly string[]): string {
  const imports = new Map<string, Set<string>>();
  const body = parts
    .join("\n")
    .replaceAll(/^import \{ (.+) \} from "(.+)";\n?/gm, (_, names: string, from: string) => {
      const all = imports.get(from) ?? new Set();
      imports.set(from, all);
      for (const name of names.split(", ")) all.add(name);
      return "";
    })
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
  const plain = (name: string) => name.replace("type ", "").toLowerCase();
  const head = Array.from(imports, ([from, names]) => {
    const sorted = Array.from(names).sort((a, b) => (plain(a) < plain(b) ? -1 : 1));
    return `import { ${sorted.join(", ")} } from "${from}";`;
  });
  const installed = head.filter((line) => !line.includes('from "./')).sort(byModule);
  return `${[...installed, ...head.filter((line) => line.includes('from "./'))].join("\n")}\n\n${body}\n`;
}

const byModule = (a: string, b: string) => (moduleOf(a) < moduleOf(b) ? -1 : 1);
const moduleOf = (line: string) => line.split(" from ")[1] as string;
