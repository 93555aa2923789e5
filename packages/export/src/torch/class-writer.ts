import type { ClassDraft, CodeLine, Construct, FieldDraft } from "./class-draft.ts";
import { literal, pythonName } from "./python.ts";
import { wrapLine } from "./wrap-line.ts";

/** A class with its name and the parameters of its constructor. */
interface NamedClass {
  readonly name: string;
  readonly drafts: readonly ClassDraft[];
  /** The names of the parameters, and which of the numbers of a draft each is. */
  readonly params: readonly { readonly name: string; readonly at: readonly number[] }[];
}

/** A number in a constructor, and a name for it. */
interface Hole {
  readonly name: string;
  readonly code: string;
}

/**
 * Writes classes, those that others need first. Drafts that differ only in numbers are one class, whose constructor takes the numbers that
 * differ.
 */
export class ClassWriter {
  readonly #classes = new Map<string, NamedClass>();
  readonly #keys = new Map<ClassDraft, string>();

  constructor(root: ClassDraft) {
    const groups = new Map<string, ClassDraft[]>();
    const visit = (draft: ClassDraft): void => {
      for (const field of draft.fields)
        if (field.kind === "module") for (const inner of draftsIn(field.made)) visit(inner);
      const key = this.#key(draft);
      groups.set(key, [...(groups.get(key) ?? []), draft]);
    };
    visit(root);
    const names = new Set<string>();
    for (const [key, drafts] of groups) {
      const [{ type }] = drafts as [ClassDraft];
      let name = type;
      for (let k = 2; names.has(name); k++) name = `${type}${k}`;
      names.add(name);
      this.#classes.set(key, { name, drafts, params: this.#paramsOf(drafts) });
    }
  }

  /** The source of all classes. */
  source(): string {
    return [...this.#classes.values()].map((one) => this.#classSource(one)).join("\n\n\n");
  }

  /** What makes two drafts one class: all but the numbers. */
  #key(draft: ClassDraft): string {
    const known = this.#keys.get(draft);
    if (known !== undefined) return known;
    const shape = (made: Construct): unknown => {
      if (made.kind === "call")
        return [
          made.callee,
          made.args.map(({ name, positional, code }) => [name, positional, isNumber(code) ? "" : code]),
        ];
      if (made.kind === "class") return this.#key(made.draft);
      if (made.kind === "dict") return made.entries.map(([key, item]) => [key, shape(item)]);
      return made.kind === "parameters" ? made.entries : [made.kind, made.items.map(shape)];
    };
    const fields = draft.fields.map((field) => {
      if (field.kind === "module") return [field.name, shape(field.made)];
      return field.kind === "constant" || field.kind === "tie"
        ? field
        : [field.name, field.kind, field.shape.length, field.isInteger];
    });
    const key = JSON.stringify([
      draft.type,
      draft.base,
      fields,
      draft.params,
      draft.lines.map(({ code }) => code),
    ]);
    this.#keys.set(draft, key);
    return key;
  }

  /** The numbers of a draft in order; those of the classes in it are what their constructors take. */
  #holes(draft: ClassDraft): readonly Hole[] {
    return draft.fields.flatMap((field) => {
      if (field.kind === "constant" || field.kind === "tie") return [];
      if (field.kind !== "module") return field.shape.map((size) => ({ name: "size", code: literal(size) }));
      return this.#holesIn(field.made);
    });
  }

  #holesIn(made: Construct): readonly Hole[] {
    if (made.kind === "call")
      return made.args.filter(({ code }) => isNumber(code)).map(({ name, code }) => ({ name, code }));
    if (made.kind === "class") {
      const own = this.#holes(made.draft);
      return this.#classOf(made.draft).params.map(({ name, at: [first = 0] }) => ({
        name,
        code: (own[first] as Hole).code,
      }));
    }
    if (made.kind === "dict") return made.entries.flatMap(([, item]) => this.#holesIn(item));
    return made.kind === "parameters" ? [] : made.items.flatMap((item) => this.#holesIn(item));
  }

  #classOf(draft: ClassDraft): NamedClass {
    return this.#classes.get(this.#key(draft)) as NamedClass;
  }

  /** The numbers that differ between the drafts of a class; those that differ in the same way are one parameter. */
  #paramsOf(drafts: readonly ClassDraft[]): NamedClass["params"] {
    const all = drafts.map((draft) => this.#holes(draft));
    const [first = []] = all;
    const params = new Map<string, { name: string; at: number[] }>();
    const names = new Set<string>();
    for (const [i, { name }] of first.entries()) {
      const values = all.map((holes) => (holes[i] as Hole).code);
      if (values.every((value) => value === values[0])) continue;
      const key = values.join(" ");
      const known = params.get(key);
      if (known !== undefined) {
        known.at.push(i);
        continue;
      }
      let own = name;
      for (let k = 2; names.has(own); k++) own = `${name}${k}`;
      names.add(own);
      params.set(key, { name: own, at: [i] });
    }
    return [...params.values()];
  }

  #classSource({ name, drafts, params }: NamedClass): string {
    const [draft] = drafts as [ClassDraft];
    const byHole = new Map(params.flatMap((param) => param.at.map((at) => [at, param.name] as const)));
    const names = { next: 0, nameOf: (code: string) => code };
    names.nameOf = (code) => byHole.get(names.next++) ?? code;
    const signature = ["self", ...params.map((param) => param.name)].join(", ");
    const fields = draft.fields.flatMap((field) => this.#fieldSource(field, names.nameOf));
    const isChain = draft.base === "nn.Sequential";
    const init = isChain ? this.#chainInit(draft, names.nameOf) : ["super().__init__()", ...fields];
    const hasInit = !(draft.fields.length === 0 && params.length === 0);
    const body = [
      ...(hasInit ? [`    def __init__(${signature}):`, ...init.flatMap((line) => wrapLine(line, 8))] : []),
      ...(hasInit && draft.lines.length > 0 ? [""] : []),
      ...(draft.lines.length === 0
        ? []
        : [
            `    def forward(${["self", ...draft.params].join(", ")}):`,
            ...inLoops(draft.lines, draft.fields).flatMap((line) => wrapLine(line.code, 8, line.comment)),
          ]),
    ];
    return [`class ${name}(${draft.base}):`, ...(body.length === 0 ? ["    pass"] : body)].join("\n");
  }

  #chainInit(draft: ClassDraft, nameOf: (code: string) => string): readonly string[] {
    const items = draft.fields.flatMap((field) =>
      field.kind === "module" ? [this.#madeSource(field.made, nameOf)] : [],
    );
    const others = draft.fields.filter(({ kind }) => kind !== "module");
    return [
      `super().__init__(${items.join(", ")})`,
      ...others.flatMap((field) => this.#fieldSource(field, nameOf)),
    ];
  }

  #fieldSource(field: FieldDraft, nameOf: (code: string) => string): readonly string[] {
    if (field.kind === "constant")
      return [`self.register_buffer("${field.name}", TABLES["${field.key}"], persistent=False)`];
    if (field.kind === "tie") return [field.code];
    if (field.kind === "module") return [`self.${field.name} = ${this.#madeSource(field.made, nameOf)}`];
    const sizes = field.shape.map((size) => nameOf(literal(size))).join(", ");
    const made = field.shape.length === 0 ? "torch.empty(())" : `torch.empty(${sizes})`;
    const typed = field.isInteger
      ? made.replace(/\)$/, `${field.shape.length === 0 ? "" : ""}, dtype=torch.int64)`)
      : made;
    if (field.kind === "buffer") return [`self.register_buffer("${field.name}", ${typed})`];
    return [`self.${field.name} = nn.Parameter(${typed})`];
  }

  #madeSource(made: Construct, nameOf: (code: string) => string): string {
    if (made.kind === "call") {
      const args = made.args.map(({ name, positional, code }) => {
        const value = isNumber(code) ? nameOf(code) : code;
        return positional ? value : `${name}=${value}`;
      });
      return `${made.callee}(${args.join(", ")})`;
    }
    if (made.kind === "class") {
      const { name, params } = this.#classOf(made.draft);
      const own = this.#holes(made.draft);
      return `${name}(${params.map(({ at: [first = 0] }) => nameOf((own[first] as Hole).code)).join(", ")})`;
    }
    if (made.kind === "parameters")
      return `nn.ParameterDict({${made.entries.map(([key, code]) => `"${key}": ${code}`).join(", ")}})`;
    if (made.kind === "dict")
      return `nn.ModuleDict({${made.entries.map(([key, item]) => `"${key}": ${this.#madeSource(item, nameOf)}`).join(", ")}})`;
    const items = made.items.map((item) => this.#madeSource(item, nameOf));
    const [first = ""] = items;
    const isRepeated = items.length > 1 && items.every((item) => item === first);
    if (made.kind === "list")
      return isRepeated
        ? `nn.ModuleList([${first} for _ in range(${items.length})])`
        : `nn.ModuleList([${items.join(", ")}])`;
    return isRepeated
      ? `nn.Sequential(*[${first} for _ in range(${items.length})])`
      : `nn.Sequential(${items.join(", ")})`;
  }
}

function isNumber(code: string): boolean {
  return /^-?[\d.]+(e[+-]\d+)?$/.test(code);
}

function draftsIn(made: Construct): readonly ClassDraft[] {
  if (made.kind === "class") return [made.draft];
  if (made.kind === "dict") return made.entries.flatMap(([, item]) => draftsIn(item));
  return made.kind === "chain" || made.kind === "list" ? made.items.flatMap(draftsIn) : [];
}

/** Calls of all items of a list one after the other are a loop. */
function inLoops(lines: readonly CodeLine[], fields: readonly FieldDraft[]): readonly CodeLine[] {
  const pattern = /^(\w+) = (self(?:\.\w+)*\.(\w+))\[(\d+)\]\(\1\)$/;
  const written: CodeLine[] = [];
  for (let i = 0; i < lines.length; i++) {
    const [, variable, list = "", name = ""] = pattern.exec((lines[i] as CodeLine).code) ?? [];
    let count = 0;
    while (
      variable !== undefined &&
      lines[i + count]?.code === `${variable} = ${list}[${count}](${variable})`
    )
      count++;
    if (count < 2 || !isWhole(list, count, fields)) {
      written.push(lines[i] as CodeLine);
      continue;
    }
    const item = name.endsWith("s") && name.length > 2 ? pythonName(name.slice(0, -1)) : "block";
    written.push({ code: `for ${item} in ${list}:`, comment: "" });
    written.push({
      code: `    ${variable} = ${item}(${variable})`,
      comment: lines[i + count - 1]?.comment ?? "",
    });
    i += count - 1;
  }
  return written;
}

/** Whether a list has that many items: one that is a field of the class, or deeper, where the trace called all. */
function isWhole(list: string, count: number, fields: readonly FieldDraft[]): boolean {
  const field = fields.find(({ name }) => `self.${name}` === list);
  if (field?.kind !== "module") return field === undefined;
  return field.made.kind === "list" && field.made.items.length === count;
}
