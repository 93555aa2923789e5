import type { Guide } from "./guides.ts";
import type { Reference } from "./reference.ts";

/** `llms.txt`, the guides as they were written, and all names of each package in Markdown, for programs that read. */
export function llms(
  { packages }: Reference,
  guides: readonly Guide[],
): readonly (readonly [path: string, text: string])[] {
  const plain = (text: string) => text.replaceAll(/\{@link\s+([\w.]+)[^}]*\}/gu, "`$1`");
  const index = [
    "# Pellucid",
    "",
    "> Deep learning you can see through: npm packages that train and explain neural networks in TypeScript, with PyTorch's names, numbers and weights.",
    "",
    "Layouts are channels-last: images `[batch, height, width, channel]`, sequences `[batch, time, feature]`. Sizes are positional, the rest is one options object;",
    "`rng: new Rng(seed)` wherever something is drawn. Call `await useBackend()` of `@pellucid/backends` first.",
    "",
    "## Guides",
    "",
    ...guides.map(({ name, title, about }) => `- [${title}](guides/${name}.md): ${about}`),
    "",
    "## Packages",
    "",
    ...packages.map(({ folder, name, description }) => `- [${name}](api/${folder}/names.md): ${description}`),
    "",
  ].join("\n");
  return [
    ["llms.txt", index],
    ...guides.map(
      ({ name, text }) => [`guides/${name}.md`, text.replaceAll(/<!--[^]*?-->\n?/gu, "")] as const,
    ),
    ...packages.map(({ folder, name, description, entries }) => {
      const lines = entries.map((entry) => {
        const made = entry.members.find((member) => member.name === "constructor");
        const signature =
          made === undefined ? entry.signatures[0] : made.text.replace(/^constructor/u, `new ${entry.title}`);
        const also =
          entry.others.length === 0 ? "" : ` (${entry.others.map(([, other]) => other).join(", ")})`;
        return `## ${entry.title}${also}\n\n${plain(entry.doc.text)}\n\n\`\`\`ts\n${signature ?? ""}\n\`\`\`\n`;
      });
      return [`api/${folder}/names.md`, `# ${name}\n\n${description}\n\n${lines.join("\n")}`] as const;
    }),
  ];
}
