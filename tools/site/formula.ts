// Formulas of doc comments, which are written in plain Unicode (`θ ← θ − lr m̂ / (√v̂ + ε)`), as MathML, which every browser typesets without a library.

/** MathML of a text in code quotes, where it is a formula, and nothing where it is code, a shape or a name. */
export function formula(text: string): string | undefined {
  if (!looksLikeFormula(text)) return undefined;
  try {
    const tokens = tokenize(text);
    const reader = new Reader(tokens);
    const body = reader.sequence(undefined);
    return reader.done ? `<math><mrow>${body}</mrow></math>` : undefined;
  } catch (error) {
    if (error instanceof NotFormula) return undefined;
    throw error;
  }
}

class NotFormula extends Error {}

const glyphs = /[Σ∏√∂∇∫‖←∘·σ½⅓¼²³₀-₉ᵀᵗ∈∞±≈∝∑]|\S [−·=≤≥<>/+] |\^[({\w]/u;
const code = /[{};"'`@\\#$%&]|=>|\/\/|\.\.\.|\w\.\w*[a-zA-Z]|===?|\b[a-zA-Z]{2,}_[a-zA-Z]{2,}|_$|^_|\w=\w/u;
const shape = /^\[[^\]]*\]$/u;

function looksLikeFormula(text: string): boolean {
  if (/^[a-zA-Zα-ω](?:[_^][a-zA-Z0-9]|[₀-₉ᵢⱼₜ²])$/u.test(text)) return true;
  return !shape.test(text) && !code.test(text) && glyphs.test(text) && text.length < 300;
}

type Token =
  | {
      readonly kind: "name" | "number" | "operator" | "open" | "close";
      readonly text: string;
      readonly spaced: boolean;
    }
  | { readonly kind: "raised" | "lowered"; readonly text: string; readonly spaced: false };

const raised: Readonly<Record<string, string>> = {
  "²": "2",
  "³": "3",
  "⁴": "4",
  "¹": "1",
  "⁰": "0",
  "⁻": "−",
  ᵀ: "T",
  ᵗ: "t",
  ⁿ: "n",
  ᵏ: "k",
  ⁱ: "i",
  ʰ: "h",
  "⁵": "5",
  "⁶": "6",
  "⁺": "+",
  ᵝ: "β",
  ᵈ: "d",
  ʲ: "j",
  ˢ: "s",
  ᵖ: "p",
};
const lowered: Readonly<Record<string, string>> = {
  "₀": "0",
  "₁": "1",
  "₂": "2",
  "₃": "3",
  "₄": "4",
  "₅": "5",
  "₆": "6",
  "₇": "7",
  "₈": "8",
  "₉": "9",
  "₋": "−",
  "₊": "+",
  ₜ: "t",
  ₙ: "n",
  ₖ: "k",
  ᵢ: "i",
  ⱼ: "j",
  ᵣ: "r",
  ₓ: "x",
  ₘ: "m",
  ₛ: "s",
  ₚ: "p",
  ₐ: "a",
  ₑ: "e",
  ᵤ: "u",
  ᵥ: "v",
  ₗ: "l",
  ₕ: "h",
  ᵦ: "β",
  ₒ: "o",
};

const name = /^(?:\p{L}\p{M}*(?:\p{L}|\p{M}|\d)*['′]*)/u;
const numeral = /^\d+(?:[.,]\d+)*(?:e[-−]?\d+)?/u;
const operator = /^(?:[-+−·∘/=≤≥<>≠≈∝←→∈±×⊙⊗∗∓*,:;!~∞∂∇∫Σ∑∏√|‖½⅓¼…|′″?⊕⟨⟩∪∩∀]|\.)/u;

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let rest = text;
  let spaced = false;
  while (rest !== "") {
    const [first = ""] = rest;
    if (/\s/u.test(first)) {
      spaced = true;
      rest = rest.slice(1);
      continue;
    }
    if (first in raised || first in lowered) {
      const table = first in raised ? raised : lowered;
      let script = "";
      for (const letter of rest) {
        if (!(letter in table)) break;
        script += table[letter];
        rest = rest.slice(letter.length);
      }
      tokens.push({ kind: table === raised ? "raised" : "lowered", text: script, spaced: false });
      spaced = false;
      continue;
    }
    const [word] =
      ofLetters(rest) ?? numeral.exec(rest) ?? operator.exec(rest) ?? /^[\^_()[\]⌊⌋⌈⌉]/u.exec(rest) ?? [];
    if (word === undefined) throw new NotFormula();
    const kind = /^[([⌊⌈]$/u.test(word)
      ? "open"
      : /^[)\]⌋⌉]$/u.test(word)
        ? "close"
        : numeral.test(word)
          ? "number"
          : name.test(word)
            ? "name"
            : "operator";
    tokens.push({ kind, text: word, spaced });
    rest = rest.slice(word.length);
    spaced = false;
  }
  return tokens;
}

/** A name at the beginning, without the raised and lowered letters at its end. */
function ofLetters(rest: string): readonly string[] | null {
  const found = name.exec(rest);
  if (found === null) return null;
  let word = "";
  for (const letter of found[0]) {
    if (word !== "" && (letter in raised || letter in lowered)) break;
    word += letter;
  }
  return [word];
}

class Reader {
  #at = 0;
  readonly #tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get done(): boolean {
    return this.#at === this.#tokens.length;
  }

  get #next(): Token | undefined {
    return this.#tokens[this.#at];
  }

  /** Everything up to the bracket or bar that closes it. */
  sequence(closing: string | undefined): string {
    let [out, last] = ["", ""];
    while (this.#next !== undefined && !(closing !== undefined && this.#next.text === closing)) {
      if (this.#next.kind === "close") throw new NotFormula();
      if (this.#next.text === "/" && last !== "") {
        this.#at++;
        if (this.#next === undefined) throw new NotFormula();
        last = `<mfrac>${unbracketed(last)}${unbracketed(this.#atom())}</mfrac>`;
        continue;
      }
      const { spaced, kind } = this.#next;
      const between = bars.has(this.#next.text) && spaced && this.#tokens[this.#at + 1]?.spaced === true;
      const isOperator = kind === "operator" && (between || !prefix.has(this.#next.text));
      const gap =
        spaced && !isOperator && last !== "" && !last.startsWith("<mo>")
          ? '<mspace width="0.2em"></mspace>'
          : "";
      out += last + gap;
      last = isOperator ? this.#operator() : this.#atom();
    }
    return out + last;
  }

  #operator(): string {
    const { text = "" } = this.#next ?? {};
    this.#at++;
    return `<mo>${escaped(text === "-" ? "−" : text)}</mo>`;
  }

  /** A name, number, root or group, with what is raised and lowered. */
  #atom(): string {
    const token = this.#next;
    if (token === undefined) throw new NotFormula();
    this.#at++;
    let atom = this.#bare(token);
    for (;;) {
      const next = this.#next;
      if (next === undefined) return atom;
      if (next.kind === "raised" || next.kind === "lowered") {
        this.#at++;
        const script = /^\d/u.test(next.text) ? `<mn>${next.text}</mn>` : `<mi>${next.text}</mi>`;
        atom = next.kind === "raised" ? `<msup>${atom}${script}</msup>` : `<msub>${atom}${script}</msub>`;
      } else if ((next.text === "^" || next.text === "_") && !next.spaced) {
        this.#at++;
        const script = unbracketed(this.#atom());
        atom = next.text === "^" ? `<msup>${atom}${script}</msup>` : `<msub>${atom}${script}</msub>`;
      } else if (next.kind === "open" && !next.spaced && token.kind === "name") {
        this.#at++;
        atom = `<mrow>${atom}${this.#group(next.text)}</mrow>`;
      } else return atom;
    }
  }

  #bare({ kind, text }: Token): string {
    if (kind === "number") return `<mn>${text}</mn>`;
    const [, letter, accent = ""] = /^(\p{L})(\p{M})$/u.exec(text.normalize("NFD")) ?? [];
    if (letter !== undefined && accent in accents)
      return `<mover><mi>${letter}</mi><mo>${accents[accent]}</mo></mover>`;
    if (kind === "name") return `<mi>${escaped(text)}</mi>`;
    if (kind === "open") return `<mrow>${this.#group(text)}</mrow>`;
    if (text === "√") return `<msqrt>${unbracketed(this.#atom())}</msqrt>`;
    if (text === "½") return "<mfrac><mn>1</mn><mn>2</mn></mfrac>";
    if (text === "⅓") return "<mfrac><mn>1</mn><mn>3</mn></mfrac>";
    if (text === "¼") return "<mfrac><mn>1</mn><mn>4</mn></mfrac>";
    if (text === "|" || text === "‖") {
      const inside = this.sequence(text);
      if (this.#next?.text !== text) throw new NotFormula();
      this.#at++;
      return `<mrow><mo stretchy="false">${text}</mo>${inside}<mo stretchy="false">${text}</mo></mrow>`;
    }
    const isDerivative = text === "∂" || text === "∇";
    if (isDerivative && this.#next !== undefined && this.#next.kind === "name") {
      return `<mrow><mo>${text}</mo>${this.#atom()}</mrow>`;
    }
    if (prefix.has(text)) return `<mo>${text}</mo>`;
    if (text === "−" || text === "-") return `<mrow><mo>−</mo>${this.#atom()}</mrow>`;
    throw new NotFormula();
  }

  #group(open: string): string {
    const close = closings[open];
    const inside = this.sequence(close);
    if (this.#next?.text !== close) throw new NotFormula();
    this.#at++;
    return `<mo>${open}</mo>${inside}<mo>${close}</mo>`;
  }
}

const accents: Readonly<Record<string, string>> = {
  "\u0302": "^",
  "\u0303": "~",
  "\u0304": "¯",
  "\u0305": "¯",
};

const bars = new Set(["|", "‖"]);

const closings: Readonly<Record<string, string>> = { "(": ")", "[": "]", "⌊": "⌋", "⌈": "⌉" };

const prefix = new Set(["√", "½", "⅓", "¼", "|", "‖", "∂", "∇", "Σ", "∑", "∏", "∞", "∫", "…"]);

/** Without its brackets, which a fraction, a root or a raised position makes needless. */
function unbracketed(atom: string): string {
  const found = /^<mrow><mo>\(<\/mo>([^]*)<mo>\)<\/mo><\/mrow>$/u.exec(atom);
  return found === null || found[1]?.includes("<mo>(</mo>") === true ? atom : `<mrow>${found[1]}</mrow>`;
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
