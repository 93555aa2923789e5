const width = 88;

/**
 * A line of Python at an indentation, broken as ruff and black break it where it is too long: the outermost brackets open, one argument a line.
 * A comment follows two spaces after the code, or comes before a line that it would make too long.
 */
export function wrapLine(code: string, indent: number, comment = ""): readonly string[] {
  const start = " ".repeat(indent);
  const line = start + code;
  const note = comment === "" ? "" : `  # ${comment}`;
  if ((line + note).length <= width) return [line + note];
  const before =
    comment === ""
      ? []
      : [`${" ".repeat(indent + (/^ */.exec(code) as RegExpExecArray)[0].length)}# ${comment}`];
  if (line.length <= width) return [...before, line];
  const opened = lastGroup(code);
  const right = rightSide(code);
  const isLeft = right !== null && (opened === null || opened.head.length <= right.left.length);
  if (right !== null && (isLeft || indent + (opened?.head.length ?? 0) > width))
    return [...before, `${start}${right.left} = (`, ...wrapLine(right.value, indent + 4), `${start})`];
  if (opened === null) return [...before, line];
  const { head, items, tail } = opened;
  const inner = items.join(", ");
  if (isCall(head) && indent + 4 + inner.length <= width)
    return [...before, start + head, `${start}    ${inner}`, start + tail];
  const lines = items.flatMap((item) => {
    const wrapped = wrapLine(item, indent + 4);
    const last = wrapped.length - 1;
    return wrapped.map((one, i) => (i === last && items.length > 1 ? `${one},` : one));
  });
  return [...before, start + head, ...lines, start + tail];
}

/** The sides of an assignment. */
function rightSide(code: string): { readonly left: string; readonly value: string } | null {
  const at = /^(?:for |if |while |return )/.test(code) ? -1 : code.indexOf(" = ");
  return at === -1 ? null : { left: code.slice(0, at), value: code.slice(at + 3) };
}

/** Whether brackets are those of a call or an index, not of a tuple, a list or a dict. */
function isCall(head: string): boolean {
  return /[\w)\]][([]$/.test(head) && !/\b(return|in|and|or|not|if|else)[([]$/.test(head);
}

/** The last bracket at the outermost level, and what is in it. */
function lastGroup(code: string): { head: string; items: readonly string[]; tail: string } | null {
  const stack: number[] = [];
  let group: [number, number] | null = null;
  for (let i = 0; i < code.length; i++) {
    const sign = code[i] as string;
    if ("([{".includes(sign)) stack.push(i);
    else if (")]}".includes(sign)) {
      const open = stack.pop();
      const isIndex = sign === "]" && group !== null && /^\d+$/.test(code.slice((open ?? 0) + 1, i));
      if (stack.length === 0 && open !== undefined && i > open + 1 && !isIndex) group = [open, i];
    }
  }
  if (group === null) return null;
  const [open, close] = group;
  return {
    head: code.slice(0, open + 1),
    items: splitArguments(code.slice(open + 1, close)),
    tail: code.slice(close),
  };
}

function splitArguments(text: string): readonly string[] {
  const items: string[] = [];
  let [depth, from] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    const sign = text[i] as string;
    if ("([{".includes(sign)) depth++;
    else if (")]}".includes(sign)) depth--;
    else if (sign === "," && depth === 0) {
      items.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  const last = text.slice(from).trim();
  return last === "" ? items : [...items, last];
}
