import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import MarkdownIt from "markdown-it";
import { formula } from "./formula.ts";

for (const [name, language] of Object.entries({ bash, javascript, json, python, typescript, xml })) {
  hljs.registerLanguage(name, language);
}
const aliases: Readonly<Record<string, string>> = {
  ts: "typescript",
  tsx: "typescript",
  js: "javascript",
  sh: "bash",
  html: "xml",
  vue: "xml",
  py: "python",
};

/** Where a word of code leads: the address of the page of a public name. */
export type AddressOf = (name: string) => string | undefined;

/** HTML of code, colored by classes. */
export function highlighted(code: string, language: string): string {
  const known = aliases[language] ?? language;
  if (hljs.getLanguage(known) === undefined) return escapeHtml(code);
  return hljs.highlight(code, { language: known }).value;
}

export const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** The id of a heading: `Weights in and out` is `weights-in-and-out`. */
export const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/gu, "");

/** HTML of Markdown in which formulas are typeset and names in code quotes lead to their pages. */
export function renderMarkdown(text: string, addressOf: AddressOf): string {
  const markdown = MarkdownIt({ html: true, linkify: true });
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  let [inLink, inHeading] = [false, false];
  markdown.renderer.rules["fence"] = (tokens, at) =>
    codeBlock(tokens[at]?.content ?? "", tokens[at]?.info.trim() ?? "");
  markdown.renderer.rules["code_inline"] = (tokens, at) => {
    const content = tokens[at]?.content ?? "";
    const code = `<code>${escapeHtml(content)}</code>`;
    if (inLink || inHeading) return code;
    const address = addressOf(content);
    return address === undefined ? (formula(content) ?? code) : `<a href="${address}">${code}</a>`;
  };
  markdown.renderer.rules["link_open"] = (tokens, at, options, _, renderer) => {
    inLink = true;
    return renderer.renderToken(tokens, at, options);
  };
  markdown.renderer.rules["link_close"] = (tokens, at, options, _, renderer) => {
    inLink = false;
    return renderer.renderToken(tokens, at, options);
  };
  let tables = 0;
  markdown.renderer.rules["table_open"] = () =>
    `<div class="table" tabindex="0" role="region" aria-label="Table ${++tables}"><table>`;
  const heading = (content: string) => (content === "" ? "td" : "th"); // a heading has to say something
  markdown.renderer.rules["th_open"] = (tokens, at) => `<${heading(tokens[at + 1]?.content ?? "")}>`;
  markdown.renderer.rules["th_close"] = (tokens, at) => `</${heading(tokens[at - 1]?.content ?? "")}>`;
  markdown.renderer.rules["table_close"] = () => "</table></div>";
  markdown.renderer.rules["heading_open"] = (tokens, at) => {
    inHeading = true;
    const level = tokens[at]?.tag ?? "h2";
    return `<${level} id="${slug(tokens[at + 1]?.content ?? "")}">`;
  };
  markdown.renderer.rules["heading_close"] = (tokens, at) => {
    inHeading = false;
    return `</${tokens[at]?.tag ?? "h2"}>\n`;
  };
  return markdown.render(linked(text, addressOf));
}

/** A block of code that can be copied. */
export function codeBlock(code: string, language: string): string {
  return `<div class="code"><pre tabindex="0"><code>${highlighted(code.trimEnd(), language)}</code></pre></div>\n`;
}

/** `{@link X}`, outside of code, as a link of Markdown. */
function linked(text: string, addressOf: AddressOf): string {
  return text.replaceAll(
    /\{@link\s+([\w.]+)(?:\s*\|\s*([^}]+))?\}/gu,
    (_, target: string, shown?: string) => {
      const address = addressOf(target);
      const label = shown ?? `\`${target}\``;
      return address === undefined ? label : `[${label}](${address})`;
    },
  );
}
