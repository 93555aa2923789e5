import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** A story of the Storybook that shows a public name at work. */
export interface Demo {
  readonly title: string;
  readonly id: string;
  /** The recorded picture, a file in `packages/interpret/stories/recorded`, where there is one. */
  readonly picture: string | undefined;
}

/** As Storybook makes ids of titles and of names of stories. */
const kebab = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/gu, "");
const spaced = (name: string): string =>
  name.replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2").replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2");

export const storyFiles = (root: string): readonly string[] =>
  globSync("packages/*/src/**/*.stories.ts", { cwd: root }).toSorted();

/** The stories of a file. */
export function storiesOf(source: string): readonly { readonly title: string; readonly id: string }[] {
  const title = /title:\s*"([^"]+)"/u.exec(source)?.[1] ?? "";
  return [...source.matchAll(/^export const (\w+): StoryObj|^export const (\w+): Story\b/gmu)].map(
    ([, a, b]) => {
      const name = a ?? b ?? "";
      return {
        title: `${title.split("/").at(-1)}: ${spaced(name).toLowerCase()}`,
        id: `${kebab(title)}--${kebab(spaced(name))}`,
      };
    },
  );
}

/** The demos of public names, by `folder/name`: the first story of each file whose program imports the name. */
export function findDemos(root: string): ReadonlyMap<string, readonly Demo[]> {
  const found = new Map<string, Demo[]>();
  const recorded = new Set(globSync("*.webp", { cwd: join(root, "packages/interpret/stories/recorded") }));
  for (const file of storyFiles(root)) {
    const source = readFileSync(join(root, file), "utf8");
    const program = /programs\/([\w-]+)\.ts\?raw/u.exec(source)?.[1];
    const [story] = storiesOf(source);
    if (program === undefined || story === undefined) continue;
    const text = readFileSync(join(root, `packages/interpret/stories/programs/${program}.ts`), "utf8");
    const picture = recorded.has(`${story.id}.webp`) ? `${story.id}.webp` : undefined;
    const own = basename(file, ".stories.ts").replaceAll(/-(\w)/gu, (_, letter: string) =>
      letter.toUpperCase(),
    );
    for (const [, names = "", folder = ""] of text.matchAll(
      /import (?:type )?\{([^}]*)\} from "@pellucid\/([\w-]+)[^"]*"/gu,
    )) {
      if (folder === "core-train" || folder === "backends" || folder === "datasets") continue;
      for (const name of names.split(",").map((given) => given.trim().replace(/^type /u, ""))) {
        const key = `${folder}/${name}`;
        const demo = { ...story, picture };
        const known = found.get(key) ?? [];
        if (name !== "" && name !== "classScore")
          found.set(key, name === own ? [demo, ...known] : [...known, demo]);
      }
    }
  }
  return found;
}
