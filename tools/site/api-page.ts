import type { Member } from "./declarations.ts";
import { type Page, repository, rootFrom } from "./layout.ts";
import { type AddressOf, codeBlock, escapeHtml, renderMarkdown } from "./markdown.ts";
import type { Entry, PackageInfo, Reference } from "./reference.ts";

/** Finds the page of a name that is mentioned on a page of a package. */
export type Finder = (folder: string, path: string) => AddressOf;

/** The page of a public name. */
export function apiPage(entry: Entry, info: PackageInfo, reference: Reference, find: Finder): Page {
  const addressOf = find(entry.folder, entry.path);
  const html = (text: string) => renderMarkdown(text, addressOf);
  const { doc, kind, title, members, module, within } = entry;
  const constructed = members.find(({ name }) => name === "constructor");
  const others = members.filter(({ name }) => name !== "constructor");
  const sentence = doc.text === "" ? sentenceOf(entry, reference) : doc.text;
  const parts = [
    `<p class="quiet"><a href="index.html">${module}</a> › <a href="index.html#names-${anchor(entry.group)}">${escapeHtml(entry.group || "all")}</a></p>`,
    `<h1><code>${escapeHtml(title)}</code> <small>${kind}</small></h1>`,
    html(sentence),
    codeBlock(`import { ${within ?? entry.name} } from "${module}";`, "ts"),
    `<h2 id="signature">Signature</h2>`,
    ...entry.signatures.map((text) => signature(text, addressOf)),
    ...(constructed === undefined
      ? []
      : [
          signature(constructed.text.replace(/^constructor/u, `new ${title}`), addressOf),
          details(constructed, html, " of the constructor"),
        ]),
    details(entry, html),
    options(entry, reference, find),
    otherLibraries(entry),
    example(entry, reference, addressOf),
    demo(entry),
    memberTable(
      (kind === "interface" ? withInherited(entry, reference) : others).filter(
        ({ isMethod, name }) => !isMethod && name !== "constructor",
      ),
      kind === "class" ? "Fields" : "Properties",
      addressOf,
    ),
    ...methods(
      others.filter(({ isMethod }) => isMethod),
      addressOf,
      html,
    ),
    seeAlso(entry, info, reference),
    `<p class="quiet"><a href="${repository}/blob/main/packages/${entry.folder}/${entry.from}#L${entry.line}">Source</a></p>`,
  ];
  return {
    path: entry.path,
    title,
    description: doc.sentence === "" ? `${title} of ${module}.` : doc.sentence,
    body: parts.filter((part) => part !== "").join("\n"),
    side: side(entry, info),
  };
}

export const anchor = (group: string): string =>
  group === "" ? "all" : group.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-");

/** For options without a comment: whose they are. */
function sentenceOf({ name, folder, usedBy }: Entry, reference: Reference): string {
  const key = usedBy.find((of) => reference.entries.get(of)?.kind !== "interface") ?? "";
  const user = reference.entries.get(key);
  if (user !== undefined)
    return `${name.endsWith("Options") ? "Options for" : "Used by"} {@link ${user.title}}.`;
  return `Part of \`@pellucid/${folder}\`.`;
}

const keywords =
  /\b(?:abstract|async|class|const|declare|extends|function|implements|infer|interface|keyof|new|readonly|static|type|typeof|get|set|in|out|is|asserts)\b/uy;
const strings = /"[^"]*"|'[^']*'|`[^`]*`/uy;
const identifiers = /[\p{L}$_][\p{L}\p{N}$_]*/uy;

/** A declaration, whose names lead to their pages. */
function signature(text: string, addressOf: AddressOf): string {
  let out = "";
  for (let at = 0; at < text.length;) {
    const match = (pattern: RegExp) => {
      pattern.lastIndex = at;
      return pattern.exec(text)?.[0];
    };
    const string = match(strings);
    const word = match(identifiers);
    if (string !== undefined) out += `<span class="hljs-string">${escapeHtml(string)}</span>`;
    else if (word !== undefined) {
      const address = addressOf(word);
      if (match(keywords) === word) out += `<span class="hljs-keyword">${word}</span>`;
      else out += address === undefined ? word : `<a href="${address}">${word}</a>`;
    } else out += escapeHtml(text[at] ?? "");
    at += (string ?? word ?? " ").length;
  }
  return `<div class="code"><pre tabindex="0"><code>${broken(out, text)}</code></pre></div>`;
}

/** A long signature, with a line for each parameter. */
function broken(html: string, text: string): string {
  if (text.length < 90 || text.includes("\n")) return html;
  let depth = 0;
  let out = "";
  for (const piece of html.split(/(<[^>]*>|[()[\]{}]|, )/u)) {
    if (/^[([{]$/u.test(piece)) {
      depth++;
      out += piece === "(" && depth === 1 ? "(\n  " : piece;
    } else if (/^[)\]}]$/u.test(piece)) {
      depth--;
      out += piece === ")" && depth === 0 ? "\n)" : piece;
    } else out += piece === ", " && depth === 1 ? ",\n  " : piece;
  }
  return out;
}

function details({ doc }: Pick<Member, "doc">, html: (text: string) => string, of = ""): string {
  const rows = [
    ...doc.params.map(({ name, text }) => [`<code>${escapeHtml(name)}</code>`, html(text)]),
    ...(doc.returns === "" ? [] : [["Returns", html(doc.returns)]]),
    ...doc.throws.map((text) => ["Throws", html(text.replace(/^(\w+)/u, "`$1`"))]),
  ];
  return rows.length === 0 ? "" : table(["", ""], rows, `Parameters, result and errors${of}`);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[], label: string): string {
  const head = heads.every((text) => text === "")
    ? ""
    : `<thead><tr>${heads.map((text) => `<th scope="col">${text}</th>`).join("")}</tr></thead>`;
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("\n");
  return `<div class="table" tabindex="0" role="region" aria-label="${label}"><table>${head}<tbody>${body}</tbody></table></div>`;
}

function memberTable(
  members: readonly Member[],
  title: string,
  addressOf: AddressOf,
  label = title,
  id = "fields",
): string {
  if (members.length === 0) return "";
  const rows = members.map(({ text, doc, name }) => {
    const [, type = ""] = /:\s*([^]*)$/u.exec(text.replace(/^[^:(]*?(?=\??:)/u, "")) ?? [];
    const shown = type === "" ? text : type;
    return [
      `<code>${escapeHtml(name)}${/^[^:]*\?:/u.test(text) ? "?" : ""}</code>`,
      `<code>${escapeHtml(shown)}</code>`,
      renderMarkdown(doc.text, addressOf),
    ];
  });
  return `<h2 id="${id}">${title}</h2>${table(["Name", "Type", "Meaning"], rows, label)}`;
}

function methods(
  members: readonly Member[],
  addressOf: AddressOf,
  html: (text: string) => string,
): readonly string[] {
  if (members.length === 0) return [];
  return [
    `<h2 id="methods">Methods</h2>`,
    ...members.map(
      (member) =>
        `${signature(member.text, addressOf)}${html(member.doc.text)}${details(member, html, ` of ${member.name}`)}`,
    ),
  ];
}

/** The options of a function or class, which are an interface of their own. */
function options(entry: Entry, reference: Reference, find: Finder): string {
  if (entry.kind !== "class" && entry.kind !== "function") return "";
  const text = [
    ...entry.signatures,
    entry.members.find(({ name }) => name === "constructor")?.text ?? "",
  ].join(" ");
  const names = [...new Set(text.match(/\b\w+Options\b/gu) ?? [])];
  return names
    .map((name) => {
      const found =
        reference.entries.get(`${entry.folder}/${name}`) ??
        [...reference.entries.values()].find((other) => other.name === name);
      const members = found === undefined ? [] : withInherited(found, reference);
      if (members.length === 0) return "";
      const addressOf = find(entry.folder, entry.path);
      const heading = `Options: <a href="${addressOf(name) ?? ""}"><code>${name}</code></a>`;
      return memberTable(members, heading, addressOf, name, name);
    })
    .join("\n");
}

/** The properties of an interface and of those that it extends. */
function withInherited(entry: Entry, reference: Reference): readonly Member[] {
  const [, parents = ""] = /\bextends ([^{]*)$/u.exec(entry.signatures[0] ?? "") ?? [];
  const known = [...entry.members];
  for (const name of parents.match(/\b[A-Z]\w+/gu) ?? []) {
    const parent =
      reference.entries.get(`${entry.folder}/${name}`) ?? reference.entries.get(`core-train/${name}`);
    if (parent === undefined || parent.key === entry.key || parent.kind !== "interface") continue;
    for (const member of withInherited(parent, reference)) {
      if (!known.some((other) => other.name === member.name)) known.push(member);
    }
  }
  return known;
}

function otherLibraries({ others }: Entry): string {
  if (others.length === 0) return "";
  const rows = others.map(([library, name]) => [library, `<code>${escapeHtml(name)}</code>`]);
  return `<h2 id="elsewhere">In other libraries</h2>${table(["", ""], rows, "Names in other libraries")}`;
}

function example({ example: found, key }: Entry, reference: Reference, addressOf: AddressOf): string {
  if (found === undefined) return "";
  const of = reference.entries.get(found.of);
  const through =
    found.of === key || of === undefined
      ? ""
      : ` of <a href="${addressOf(of.title) ?? ""}"><code>${of.title}</code></a>, which it is for`;
  const said = found.title === "" || found.title.includes("$") ? "" : `: ${escapeHtml(found.title)}`;
  const link = `<a href="${repository}/blob/main/${found.file}#L${found.line}">${found.file}</a>`;
  return `<h2 id="example">Example${through}</h2>${codeBlock(found.code, "ts")}<p class="quiet">From ${link}${said}. Every check of the repository runs it.</p>`;
}

function demo({ demos, path }: Entry): string {
  const [first, ...rest] = demos;
  if (first === undefined) return "";
  const root = rootFrom(path);
  const address = (id: string) => `${root}storybook/index.html?path=/story/${id}`;
  const picture =
    first.picture === undefined
      ? ""
      : `<img src="${root}pictures/${first.picture}" alt="Recorded picture of ${escapeHtml(first.title)}" loading="lazy">`;
  const more = rest
    .slice(0, 4)
    .map(({ id, title }) => ` · <a href="${address(id)}">${escapeHtml(title)}</a>`);
  return `<h2 id="demo">Demo</h2><figure>${picture}<figcaption><button type="button" data-demo="${root}storybook/iframe.html?id=${first.id}&amp;viewMode=story" data-title="${escapeHtml(first.title)}">Run it in this page</button> <a href="${address(first.id)}">${escapeHtml(first.title)}</a>${more.join("")}</figcaption></figure>`;
}

function seeAlso(entry: Entry, info: PackageInfo, reference: Reference): string {
  const here = rootFrom(entry.path);
  const link = ({ title, path }: Entry) => `<a href="${here}${path}"><code>${escapeHtml(title)}</code></a>`;
  const users = entry.usedBy.flatMap((key) => reference.entries.get(key) ?? []).slice(0, 12);
  const near = info.entries.filter(
    ({ group, key, kind }) =>
      group === entry.group && key !== entry.key && kind !== "interface" && kind !== "type",
  );
  const at = near.findIndex(({ title }) => title.localeCompare(entry.title) > 0);
  const neighbors = near.slice(Math.max(0, at - 6), Math.max(0, at - 6) + 12);
  const lines = [
    users.length === 0 ? "" : `<p>Used by ${users.map(link).join(", ")}.</p>`,
    neighbors.length === 0 ? "" : `<p>Near it: ${neighbors.map(link).join(", ")}.</p>`,
  ].join("");
  return lines === "" ? "" : `<h2 id="see-also">See also</h2>${lines}`;
}

/** The groups of a package, and the names in that of a page. */
function side(entry: Entry, info: PackageInfo): string {
  const groups = [...new Set(info.entries.map(({ group }) => group))];
  const lines = groups.map((group) => {
    const address = `index.html#names-${anchor(group)}`;
    const open = group === entry.group;
    const names = open
      ? info.entries
          .filter((other) => other.group === group && (other.kind !== "interface" || other.key === entry.key))
          .map(
            ({ title, path, key }) =>
              `<li><a href="${path.split("/").at(-1)}"${key === entry.key ? ' aria-current="page"' : ""}>${escapeHtml(title)}</a></li>`,
          )
          .join("")
      : "";
    return `<li><a href="${address}">${escapeHtml(group || "all")}</a>${names === "" ? "" : `<ul>${names}</ul>`}</li>`;
  });
  return `<h2><a href="index.html">${info.name}</a></h2><ul>${lines.join("")}</ul>`;
}
