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
  if (opened === null) return [...before, line];
  const { head, items, tail } = opened;
  const inner = items.join(", ");
  if (indent + 4 + inner.length <= width)
    return [...before, start + head, `${start}    ${inner}`, start + tail];
  const lines = items.flatMap((item) => {
    const wrapped = wrapLine(item, indent + 4);
    const last = wrapped.length - 1;
    return wrapped.map((one, i) => (i === last && items.length > 1 ? `${one},` : one));
  });
  return [...before, start + head, ...lines, start + tail];
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
      if (stack.length === 0 && open !== undefined && i > open + 1) group = [open, i];
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
