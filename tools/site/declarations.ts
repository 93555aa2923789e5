import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript-5";
import { type DocComment, noComment, readDocComment } from "./doc-comment.ts";
import { type ExportedName, parse, typesOf } from "./exported-names.ts";

export type Kind = "class" | "function" | "constant" | "interface" | "type";

/** A field, method, property or constructor. */
export interface Member {
  readonly name: string;
  /** As TypeScript writes it, without its comment. */
  readonly text: string;
  readonly doc: DocComment;
  readonly isMethod: boolean;
}

/** What the compiled types say of a public name. */
export interface Declaration extends ExportedName {
  readonly kind: Kind;
  /** As TypeScript writes it, without members and comments; of a function one for each overload. */
  readonly signatures: readonly string[];
  readonly doc: DocComment;
  readonly members: readonly Member[];
  /** The line of `from` on which it is declared. */
  readonly line: number;
}

const parsed = new Map<string, ts.SourceFile>();

/** Reads the declaration of a name, and nothing for one that another package declares. */
export function declarationOf(packages: string, exported: ExportedName): Declaration | undefined {
  if (!exported.from.startsWith("src/")) return undefined;
  const home = join(packages, exported.folder);
  const { file, statements } = statementsOf(home, exported.from, exported.declared);
  const [first] = statements;
  if (first === undefined)
    throw new Error(`${exported.from} of ${exported.folder} does not declare ${exported.declared}`);
  const documented = statements.find((statement) => commentOf(statement) !== "") ?? first;
  const path = file
    .slice(home.length + 1)
    .replace(/^dist\//u, "src/")
    .replace(/\.d\.ts$/u, ".ts");
  return {
    ...exported,
    from: path,
    kind: kindOf(first),
    signatures: statements.map((statement) => signatureOf(statement)),
    doc: docOf(documented),
    members: membersOf(first),
    line: lineOf(join(home, path), exported.declared),
  };
}

function statementsOf(
  home: string,
  from: string,
  name: string,
): { readonly file: string; readonly statements: readonly ts.Statement[] } {
  const file = typesOf(home, from);
  const source = parsed.get(file) ?? parse(file);
  parsed.set(file, source);
  const statements = source.statements.filter((statement) => declares(statement, name));
  if (statements.length > 0) return { file, statements };
  for (const statement of source.statements) {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined) continue;
    const clause = statement.exportClause;
    if (clause === undefined || !ts.isNamedExports(clause)) continue;
    const element = clause.elements.find(({ name: { text } }) => text === name);
    if (element === undefined || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const next = join(dirname(from), statement.moduleSpecifier.text);
    return statementsOf(home, next, element.propertyName?.text ?? name);
  }
  return { file, statements: [] };
}

function declares(statement: ts.Statement, name: string): boolean {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.some((declared) => declared.name.getText() === name);
  }
  const named =
    ts.isClassDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return named && statement.name?.text === name;
}

function kindOf(statement: ts.Statement): Kind {
  if (ts.isClassDeclaration(statement)) return "class";
  if (ts.isFunctionDeclaration(statement)) return "function";
  if (ts.isInterfaceDeclaration(statement)) return "interface";
  if (ts.isTypeAliasDeclaration(statement)) return "type";
  const type = ts.isVariableStatement(statement)
    ? statement.declarationList.declarations[0]?.type
    : undefined;
  return type !== undefined && ts.isFunctionTypeNode(type) ? "function" : "constant";
}

const plain = (text: string): string =>
  text
    .replaceAll(/^(?:export |declare )+/gmu, "")
    .replaceAll(/\/\*\*[^]*?\*\/\s*/gu, "")
    .trim();

function signatureOf(statement: ts.Statement): string {
  const text = plain(statement.getText());
  if (ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement)) {
    return text.slice(0, text.indexOf("{")).trim();
  }
  return text;
}

function membersOf(statement: ts.Statement): readonly Member[] {
  if (!ts.isClassDeclaration(statement) && !ts.isInterfaceDeclaration(statement)) return [];
  const members: readonly (ts.ClassElement | ts.TypeElement)[] = [...statement.members];
  return members
    .filter((member) => !/^(?:private|#|protected|static \{)/u.test(plain(member.getText())))
    .map((member) => ({
      name: member.name?.getText() ?? (ts.isConstructorDeclaration(member) ? "constructor" : ""),
      text: plain(member.getText()).replace(/;$/u, ""),
      doc: docOf(member),
      isMethod:
        ts.isMethodDeclaration(member) || ts.isMethodSignature(member) || ts.isConstructorDeclaration(member),
    }));
}

function commentOf(node: ts.Node): string {
  const { text } = node.getSourceFile();
  const ranges = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  return (
    ranges.map(({ pos, end }) => text.slice(pos, end)).findLast((comment) => comment.startsWith("/**")) ?? ""
  );
}

function docOf(node: ts.Node): DocComment {
  const comment = commentOf(node);
  return comment === "" ? noComment : readDocComment(comment);
}

function lineOf(path: string, name: string): number {
  if (!existsSync(path)) return 1;
  const declaration = new RegExp(
    `^export (?:declare |default |abstract |async )*(?:class|function\\*?|const|interface|type|let) ${name.replaceAll("$", "\\$")}\\b`,
    "u",
  );
  const line = readFileSync(path, "utf8")
    .split("\n")
    .findIndex((text) => declaration.test(text));
  return Math.max(line, 0) + 1;
}
