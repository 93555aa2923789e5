import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import ts from "typescript-5";

/** A name that an entry point of a package exports. */
export interface ExportedName {
  readonly name: string;
  /** The name in the file that declares it. */
  readonly declared: string;
  /** What is imported: `@pellucid/core-train/node`. */
  readonly module: string;
  /** Of the package: `core-train`. */
  readonly folder: string;
  /** The comment above its line in the table of contents. */
  readonly group: string;
  /** The file in `src` that declares it, from the package's folder, or the package that hands it on. */
  readonly from: string;
  /** The namespace that it is in: `init`. */
  readonly within?: string;
}

/** Parses a file, for its syntax alone. */
export const parse = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);

/** Every name of every entry point of a package, in the order of its table of contents. */
export function exportedNames(packages: string, folder: string): readonly ExportedName[] {
  const home = join(packages, folder);
  const { name, exports: entries = {} } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as {
    name: string;
    exports?: Record<string, unknown>;
  };
  return Object.entries(entries)
    .filter((found): found is [string, string] => String(found[1]).endsWith("index.ts"))
    .flatMap(([entry, file]) =>
      namesOf({ home, folder, module: name + entry.slice(1), index: join(home, file), within: undefined }),
    );
}

interface Entry {
  readonly home: string;
  readonly folder: string;
  readonly module: string;
  readonly index: string;
  readonly within: string | undefined;
}

function namesOf(entry: Entry): readonly ExportedName[] {
  const { home, folder, module, index, within } = entry;
  const source = parse(index);
  const namespaces = new Map<string, string>();
  const imported = new Map<string, string>();
  const found: ExportedName[] = [];
  let group = within ?? "";
  for (const statement of source.statements) {
    const heading = [...(ts.getLeadingCommentRanges(source.text, statement.pos) ?? [])].at(-1);
    const comment = heading === undefined ? "" : source.text.slice(heading.pos, heading.end);
    if (within === undefined && /^\/\/ (?!.*table of contents|.*\.$)/u.test(comment))
      group = comment.slice(3);
    if (ts.isImportDeclaration(statement)) {
      const bound = statement.importClause?.namedBindings;
      if (bound !== undefined && ts.isNamespaceImport(bound)) {
        namespaces.set(bound.name.text, pathOf(statement.moduleSpecifier));
      } else if (bound !== undefined) {
        for (const { name } of bound.elements) imported.set(name.text, pathOf(statement.moduleSpecifier));
      }
    }
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) continue;
    if (!ts.isNamedExports(statement.exportClause)) continue;
    const given = statement.moduleSpecifier === undefined ? undefined : pathOf(statement.moduleSpecifier);
    for (const element of statement.exportClause.elements) {
      const name = element.name.text;
      const declared = element.propertyName?.text ?? name;
      const space = given === undefined ? namespaces.get(declared) : undefined;
      const from = given ?? imported.get(declared) ?? `./${basename(index)}`;
      if (space !== undefined) {
        const inside = join(dirname(index), space);
        found.push(...namesOf({ ...entry, index: inside, within: name }));
        continue;
      }
      const path = from.startsWith(".") ? join(dirname(index), from).slice(home.length + 1) : from;
      found.push({
        name,
        declared,
        module,
        folder,
        group,
        from: path,
        ...(within === undefined ? {} : { within }),
      });
    }
  }
  return found;
}

function pathOf(specifier: ts.Expression): string {
  if (!ts.isStringLiteral(specifier)) throw new Error(`${specifier.getText()} is not a string`);
  return specifier.text;
}

/** The compiled types of a file of a package: `src/nn/linear.ts` is `dist/nn/linear.d.ts`. */
export function typesOf(home: string, file: string): string {
  const path = join(home, file.replace(/^src\//u, "dist/").replace(/\.ts$/u, ".d.ts"));
  if (!existsSync(path)) throw new Error(`${path} is missing: turbo run build`);
  return path;
}
