/** A stretch of a file: a comment, a text, or an identifier, and where it begins. */
export interface Piece {
  readonly kind: "prose" | "name";
  readonly text: string;
  readonly offset: number;
}

/** Comments, the texts of strings and templates, regular expressions, identifiers, and whatever else, one character each. */
const tokens =
  /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|`|\$\{|[{}]|[\p{L}_$][\p{L}\p{N}_$]*|\d[\w.]*|[^\s]/gu;
const regularExpression = /\/(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/uy;
const templateText = /(?:[^`\\$]|\\[^]|\$(?!\{))*/uy;

/** Comments, texts and identifiers of TypeScript or JavaScript. */
export function* readTypeScript(source: string): Generator<Piece> {
  const braces: ("block" | "template")[] = [];
  let last = "";
  let at = 0;
  const template = function* (): Generator<Piece> {
    templateText.lastIndex = at;
    const [text = ""] = templateText.exec(source) ?? [];
    yield textPiece(text, at);
    at += text.length;
    if (source[at] === "`") at += 1;
    else {
      at += 2;
      braces.push("template");
    }
  };
  while (at < source.length) {
    regularExpression.lastIndex = at;
    if (source[at] === "/" && !/[\w)\]}$"'`]$/u.test(last)) {
      const found = regularExpression.exec(source);
      if (found !== null) {
        yield textPiece(found[0], at);
        at += found[0].length;
        last = "x";
        continue;
      }
    }
    tokens.lastIndex = at;
    const found = tokens.exec(source);
    if (found === null) return;
    const [token] = found;
    const offset = found.index;
    // a slash after white space is looked at again, as it may begin a regular expression
    if (token === "/" && offset > at) {
      at = offset;
      continue;
    }
    at = offset + token.length;
    if (token.startsWith("/*") || token.startsWith("//")) {
      yield { kind: "prose", text: token, offset };
      continue;
    }
    if (token === "`") yield* template();
    else if (token === "{") braces.push("block");
    else if (token === "}" && braces.pop() === "template") yield* template();
    else if (/^["']/u.test(token)) yield textPiece(token.slice(1, -1), offset + 1);
    else if (/^[\p{L}_$]/u.test(token)) yield { kind: "name", text: token, offset };
    last = /^(?:return|typeof|case|in|of|yield|await|void|delete)$/u.test(token) ? "(" : token;
  }
}

/** Pages: all of the text but addresses; names in code too. */
export function* readMarkdown(source: string): Generator<Piece> {
  const text = source.replace(/\]\([^)\s]*\)|https?:\/\/[^\s)>]*|from "[^"]*"|<img [^>]*>/gu, (found) =>
    " ".repeat(found.length),
  );
  yield { kind: "prose", text, offset: 0 };
  for (const { 0: name, index: offset } of text.matchAll(/\b[a-z]+[A-Z]\w*|\b[A-Z][a-z]+[A-Z]\w*/gu))
    yield { kind: "name", text: name, offset };
}

/** Comments and texts of Python, and its names. */
export function* readPython(source: string): Generator<Piece> {
  const found = source.matchAll(/"""[^]*?"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*|[A-Za-z_]\w*/gu);
  for (const { 0: text, index: offset } of found)
    yield /^["'#]/u.test(text) ? textPiece(text, offset) : { kind: "name", text, offset };
}

/** A text or a regular expression without a space is a name or an address. */
function textPiece(text: string, offset: number): Piece {
  if (/\s/u.test(text.trim()) || text.length === 0) return { kind: "prose", text, offset };
  return { kind: "name", text: /[/@]|\.\w+$/u.test(text) ? "" : text, offset };
}
