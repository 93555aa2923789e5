/** A doc comment, in parts. Texts are Markdown, with `{@link X}` as it was written. */
export interface DocComment {
  /** Its first paragraph. */
  readonly sentence: string;
  /** All paragraphs before the tags, the first too. */
  readonly text: string;
  readonly params: readonly { readonly name: string; readonly text: string }[];
  readonly returns: string;
  readonly throws: readonly string[];
}

export const noComment: DocComment = { sentence: "", text: "", params: [], returns: "", throws: [] };

/** Reads a comment, its delimiters included. */
export function readDocComment(comment: string): DocComment {
  const lines = comment
    .replace(/^\/\*\*/u, "")
    .replace(/\*\/$/u, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/u, "").trimEnd());
  const blocks: string[][] = [[]];
  let fenced = false;
  for (const line of lines) {
    if (line.trimStart().startsWith("```")) fenced = !fenced;
    if (!fenced && /^\s*@\w/u.test(line)) blocks.push([]);
    blocks.at(-1)?.push(line);
  }
  const [text = "", ...tags] = blocks.map((block) => block.join("\n").trim());
  const of = (tag: string) =>
    tags.filter((block) => block.startsWith(`@${tag}`)).map((block) => block.slice(tag.length + 1).trim());
  return {
    sentence: text.split(/\n\s*\n/u)[0]?.replaceAll(/\s+/gu, " ") ?? "",
    text,
    params: of("param").map((block) => {
      const [, name = "", rest = ""] = /^(\S+)\s*-?\s*([^]*)$/u.exec(block) ?? [];
      return { name, text: rest };
    }),
    returns: of("returns").join("\n\n"),
    throws: of("throws").map((block) => block.replace(/^\{(\w+)\}/u, "$1")),
  };
}
