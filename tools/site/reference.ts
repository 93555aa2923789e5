import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Declaration, declarationOf } from "./declarations.ts";
import { type Example, findExamples } from "./examples.ts";
import { exportedNames } from "./exported-names.ts";
import { mentionedNames, type OtherName, otherNames } from "./other-names.ts";
import { type Demo, findDemos } from "./demos.ts";

/** A public name, with all that its page says. */
export interface Entry extends Declaration {
  /** `GroupNorm`, `init.kaimingUniform`. */
  readonly title: string;
  /** `core-train/GroupNorm`. */
  readonly key: string;
  /** From the root of the site. */
  readonly path: string;
  readonly others: readonly OtherName[];
  /** Names to be searched for. */
  readonly aliases: readonly string[];
  readonly example: (Example & { readonly of: string }) | undefined;
  readonly demos: readonly Demo[];
  /** Keys of the names whose declaration mentions this one. */
  readonly usedBy: readonly string[];
}

/** A package. */
export interface PackageInfo {
  readonly folder: string;
  readonly name: string;
  readonly description: string;
  readonly entries: readonly Entry[];
}

export interface Reference {
  readonly packages: readonly PackageInfo[];
  readonly entries: ReadonlyMap<string, Entry>;
}

const manifestOf = (packages: string, folder: string) =>
  JSON.parse(readFileSync(join(packages, folder, "package.json"), "utf8")) as PackageInfo & {
    readonly private?: boolean;
  };

/** Reads the public names of all packages from their tables of contents and their compiled types. */
export function readReference(root: string): Reference {
  const packages = join(root, "packages");
  const folders = readdirSync(packages).filter((folder) => manifestOf(packages, folder).private !== true);
  const declared = folders.flatMap((folder) =>
    exportedNames(packages, folder).flatMap((name) => declarationOf(packages, name) ?? []),
  );
  const titled = firstOfEach(
    declared.map((declaration) => {
      const title =
        declaration.within === undefined ? declaration.name : `${declaration.within}.${declaration.name}`;
      return { ...declaration, title, key: `${declaration.folder}/${title}` };
    }),
  );
  const paths = pathsOf(titled);
  const examples = findExamples(root, new Set(folders));
  const demos = findDemos(root);
  const others = otherNames(root);
  const mentions = mentionsOf(titled);
  const users = importersOf(root, titled);
  const ofOwn = (key: string) => examples.get(key) ?? examples.get(key.replace(/\/\w+\./u, "/"));
  const entries = titled.map((entry): Entry => {
    const { key } = entry;
    const usedBy = mentions.get(key) ?? [];
    const own = ofOwn(key);
    const through =
      own === undefined
        ? nearest(key, (of) => [...(mentions.get(of) ?? []), ...(users.get(of) ?? [])], ofOwn)
        : undefined;
    return {
      ...entry,
      path: paths.get(key) ?? "",
      others: others.get(key) ?? [],
      aliases: [...new Set([...(others.get(key) ?? []).map(([, name]) => name), ...mentionedNames(entry)])],
      example: own === undefined ? through : { ...own, of: key },
      demos: demos.get(key) ?? [],
      usedBy,
    };
  });
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  return {
    entries: byKey,
    packages: folders.map((folder) => {
      const { name, description } = manifestOf(packages, folder);
      return { folder, name, description, entries: entries.filter((entry) => entry.folder === folder) };
    }),
  };
}

/** A package may export a name from two of its entry points. */
const firstOfEach = (entries: readonly Titled[]): readonly Titled[] =>
  [...new Map(entries.toReversed().map((entry) => [entry.key, entry])).values()].toReversed();

/** The example of the nearest name whose declaration mentions a name, at most three steps away. */
function nearest(
  key: string,
  usersOf: (key: string) => readonly string[],
  exampleOf: (key: string) => Example | undefined,
): (Example & { readonly of: string }) | undefined {
  let keys: readonly string[] = [key];
  for (let step = 0; step < 3; step++) {
    keys = [...new Set(keys.flatMap(usersOf))];
    const found = keys
      .flatMap((of) => {
        const example = exampleOf(of);
        return example === undefined ? [] : [{ ...example, of }];
      })
      .toSorted((a, b) => a.rank - b.rank);
    if (found[0] !== undefined) return found[0];
  }
  return undefined;
}

/** File systems that ignore case must keep `Flatten` and `flatten` apart. */
function pathsOf(
  entries: readonly {
    readonly key: string;
    readonly folder: string;
    readonly title: string;
    readonly kind: string;
  }[],
): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const { key } of entries) counts.set(key.toLowerCase(), (counts.get(key.toLowerCase()) ?? 0) + 1);
  return new Map(
    entries.map(({ key, folder, title, kind }) => {
      const shared =
        (counts.get(key.toLowerCase()) ?? 0) > 1 && /^[a-z]/u.test(title.split(".").at(-1) ?? "");
      return [key, `api/${folder}/${title}${shared ? `-${kind}` : ""}.html`];
    }),
  );
}

/** For each name the keys of those that are declared in a file of its package that imports it. */
function importersOf(root: string, entries: readonly Titled[]): ReadonlyMap<string, readonly string[]> {
  const declared = new Map<string, string[]>();
  for (const { folder, from, key } of entries) {
    const file = `${folder}/${from}`;
    declared.set(file, [...(declared.get(file) ?? []), key]);
  }
  const found = new Map<string, string[]>();
  for (const [file, keys] of declared) {
    const [folder = ""] = file.split("/");
    const source = readFileSync(join(root, "packages", file), "utf8");
    const imports = [...source.matchAll(/^import (?:type )?\{([^}]*)\} from "([^"]+)"/gmu)];
    for (const [, names = "", from = ""] of imports) {
      const scoped = from.startsWith(".") ? folder : from.replace("@pellucid/", "");
      for (const name of names.split(",").map((text) => text.trim().replace(/^type /u, ""))) {
        const key = `${scoped}/${name}`;
        found.set(key, [...(found.get(key) ?? []), ...keys]);
      }
    }
  }
  return found;
}

type Titled = Declaration & { readonly title: string; readonly key: string };

/** For each name the keys of those whose declaration mentions it: of the same package first. */
function mentionsOf(entries: readonly Titled[]): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>();
  for (const { name, key } of entries) byName.set(name, [...(byName.get(name) ?? []), key]);
  const found = new Map<string, string[]>();
  for (const entry of entries) {
    const { doc, members, signatures, key, folder } = entry;
    const words = new Set(
      [
        ...signatures,
        doc.text,
        ...doc.throws,
        ...members.flatMap((member) => [member.text, member.doc.text, ...member.doc.throws]),
      ]
        .join(" ")
        .match(/[\p{L}$_][\p{L}\p{N}$_]*/gu) ?? [],
    );
    for (const word of words) {
      const keys = byName.get(word) ?? [];
      const own = keys.filter((of) => of.startsWith(`${folder}/`));
      for (const of of own.length > 0 ? own : keys) {
        if (of !== key) found.set(of, [...(found.get(of) ?? []), key]);
      }
    }
  }
  return found;
}
