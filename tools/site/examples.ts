import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript-5";
import { readmePrograms } from "../packed/readme-programs.ts";

/** A program, or a part of a test, that uses a public name, and that the checks of the repository run. */
export interface Example {
  readonly code: string;
  /** The file that it is from. */
  readonly file: string;
  readonly line: number;
  /** What is said above it: the title of a test, or of a page. */
  readonly title: string;
  /** Better ones are lower. */
  readonly rank: number;
}

const files = [
  "examples/*/*.ts",
  "packages/*/src/**/*.test.ts",
  "packages/*/test/**/*.ts",
  "packages/*/stories/programs/*.ts",
  "packages/*/src/**/*.stories.ts",
];

/** For each name that some file imports, the best example of it. A name of one package may be that of another: keys are `folder/name`. */
export function findExamples(root: string, folders: ReadonlySet<string>): ReadonlyMap<string, Example> {
  const best = new Map<string, Example>();
  const offer = (key: string, example: Example) => {
    const known = best.get(key);
    if (known === undefined || example.rank < known.rank) best.set(key, example);
  };
  for (const program of readmePrograms()) {
    const source = ts.createSourceFile("program.ts", program.source, ts.ScriptTarget.Latest, true);
    const lines = program.shown.trimEnd().split("\n").length;
    const example = { code: program.shown, file: program.file, line: program.line, title: program.heading };
    for (const key of importedNames(source, "", folders).values()) offer(key, { ...example, rank: lines });
  }
  for (const file of globSync(files, { cwd: root, exclude: ["**/node_modules/**"] }).toSorted()) {
    const source = ts.createSourceFile(
      file,
      readFileSync(join(root, file), "utf8"),
      ts.ScriptTarget.Latest,
      true,
    );
    collect(source, file.replaceAll("\\", "/"), folders, offer);
  }
  return best;
}

/** Imported names of Pellucid, by how the file calls them. */
function importedNames(
  source: ts.SourceFile,
  file: string,
  folders: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const own = /^packages\/([^/]+)\//u.exec(file)?.[1];
  const names = new Map<string, string>();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const from = statement.moduleSpecifier.text;
    const scoped = /^(?:@pellucid\/)?([\w-]+)/u.exec(from)?.[1];
    const folder = from.startsWith(".") ? own : scoped;
    const bound = statement.importClause?.namedBindings;
    if (folder === undefined || !folders.has(folder) || bound === undefined) continue;
    if (ts.isNamespaceImport(bound)) names.set(`${bound.name.text}.*`, folder);
    else {
      for (const { name, propertyName } of bound.elements) {
        names.set(name.text, `${folder}/${propertyName?.text ?? name.text}`);
      }
    }
  }
  return names;
}

function collect(
  source: ts.SourceFile,
  file: string,
  folders: ReadonlySet<string>,
  offer: (key: string, example: Example) => void,
): void {
  const names = importedNames(source, file, folders);
  const own = /^packages\/([^/]+)\//u.exec(file)?.[1];
  const byText = (node: ts.Node, text: string): void => {
    const example = own === undefined ? undefined : exampleAround(node, source, file);
    if (example !== undefined) offer(`${own}/${text}`, { ...example, rank: example.rank + 100 });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isPropertyAssignment(node)) byText(node, node.name.getText());
    if (ts.isStringLiteralLike(node)) byText(node, camelOf(node.text));
    if (ts.isIdentifier(node)) {
      const key = keyOf(node, names);
      const example = key === undefined ? undefined : exampleAround(node, source, file);
      if (key !== undefined && example !== undefined) offer(key, example);
    }
    node.forEachChild(visit);
  };
  visit(source);
}

/** The class of a custom element; any other text as it is. A table of a test may name what it tests by a text. */
const camelOf = (text: string): string =>
  text.startsWith("pellucid-")
    ? text.replaceAll(/(?:^|-)(\w)/gu, (_, letter: string) => letter.toUpperCase())
    : text;

/** `folder/name` of an identifier that is imported, `init.ones` and `core.Linear` too. */
function keyOf(node: ts.Identifier, names: ReadonlyMap<string, string>): string | undefined {
  const { parent, text } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node && ts.isIdentifier(parent.expression)) {
    const space = parent.expression.text;
    const whole = names.get(`${space}.*`);
    if (whole !== undefined) return `${whole}/${text}`;
    const inside = names.get(space);
    return inside?.endsWith(`/${space}`) === true ? `${inside}.${text}` : undefined;
  }
  if (ts.isPropertyAssignment(parent) && parent.name === node) return undefined;
  return names.get(text);
}

/** The smallest part around an identifier that can be read alone: a test, an entry of a table, a function, or a statement. */
function exampleAround(node: ts.Node, source: ts.SourceFile, file: string): Example | undefined {
  const isTest = file.endsWith(".test.ts");
  let part: ts.Node | undefined;
  for (let at: ts.Node = node; at.parent !== undefined; at = at.parent) {
    const title = titleOf(at);
    if (title !== undefined) return exampleOf(at, source, file, title, isTest ? 0 : 20);
    const { parent } = at;
    const entry =
      ts.isArrayLiteralExpression(parent) ||
      (ts.isPropertyAssignment(at) && ts.isObjectLiteralExpression(parent));
    if (entry && at.getText().length >= 30) part ??= at;
    if (parent === source) return exampleOf(part ?? at, source, file, "", part === undefined ? 40 : 30);
  }
  return undefined;
}

/** The title of a test, where a node is one. */
function titleOf(node: ts.Node): string | undefined {
  if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return undefined;
  const { expression, arguments: given } = node.expression;
  if (!/^(?:test|it)\b/u.test(expression.getText())) return undefined;
  const [first] = given;
  return first !== undefined && ts.isStringLiteralLike(first) ? first.text : "";
}

/** Where the statements of a test begin and end. */
function bodyOf(node: ts.Node): readonly [number, number] | undefined {
  if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return undefined;
  const [, run] = node.expression.arguments;
  if (run === undefined || !ts.isArrowFunction(run) || !ts.isBlock(run.body)) return undefined;
  const [first] = run.body.statements;
  return first === undefined ? undefined : [first.getStart(), run.body.statements.at(-1)?.getEnd() ?? 0];
}

function exampleOf(
  node: ts.Node,
  source: ts.SourceFile,
  file: string,
  title: string,
  penalty: number,
): Example | undefined {
  const body = title === "" || title.includes("$") ? undefined : bodyOf(node);
  const start = body?.[0] ?? node.getStart();
  const { line, character } = source.getLineAndCharacterOfPosition(start);
  const code = source.text
    .slice(start, body?.[1] ?? node.getEnd())
    .split("\n")
    .map((text, i) => (i > 0 && text.slice(0, character).trim() === "" ? text.slice(character) : text))
    .join("\n");
  const lines = code.split("\n").length;
  const tiny = lines < 2 && code.length < 40 ? 30 : 0;
  const refuses = code.includes("toThrow") ? 15 : 0;
  const long = lines > 40 ? 1000 : 0;
  return {
    code,
    file,
    line: line + 1,
    title,
    rank: lines + penalty + tiny + refuses + long + (file.startsWith("examples/") ? 5 : 10),
  };
}
