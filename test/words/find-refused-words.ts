import { type Piece, readMarkdown, readPython, readTypeScript } from "./read-source.ts";
import { allowed, type Refused, refusedNames, refusedProse } from "./refused-words.ts";

/** A refused word in a file. */
export interface Finding {
  readonly line: number;
  readonly found: string;
  readonly instead: string;
}

/** What reads the files of an ending. */
const readers: Readonly<Record<string, (source: string) => Iterable<Piece>>> = {
  ts: readTypeScript,
  mts: readTypeScript,
  mjs: readTypeScript,
  js: readTypeScript,
  md: readMarkdown,
  mdx: readMarkdown,
  py: readPython,
};

/** The refused words of a file, and of its name. */
export function findRefusedWords(path: string, source: string): Finding[] {
  const fileName = path.split("/").at(-1) as string;
  const findings: Finding[] = match(path, nameWords(fileName), fileName, refusedNames).map((each) => ({
    line: 0,
    ...each,
  }));
  const read = readers[path.split(".").at(-1) as string];
  if (read === undefined) return findings;
  const lines = source.split("\n");
  const starts = lines.reduce<number[]>(
    (all, line) => [...all, (all.at(-1) as number) + line.length + 1],
    [0],
  );
  for (const { kind, text, offset } of read(source)) {
    const [subject, refused] =
      kind === "prose" ? [plain(text), refusedProse] : ([nameWords(text), refusedNames] as const);
    for (const { index, ...each } of match(path, subject, kind === "prose" ? undefined : text, refused)) {
      const line = lineAt(starts, kind === "prose" ? offset + index : offset);
      if (!isAllowed(path, `${lines[line - 1] ?? ""}`)) findings.push({ line, ...each });
    }
  }
  return findings;
}

function match(path: string, subject: string, name: string | undefined, refused: readonly Refused[]) {
  const found = refused.flatMap(([pattern, instead]) =>
    [...subject.matchAll(pattern)].map((hit) => ({
      index: hit.index,
      found: name ?? hit[0].replaceAll(/\s+/gu, " "),
      instead,
    })),
  );
  if (name !== undefined) return isAllowed(path, subject) ? [] : found.slice(0, 1);
  return found.filter((each) => !found.some((other) => other !== each && covers(other, each)));
}

/** Whether one phrase lies within another, longer one. */
const covers = (outer: { index: number; found: string }, inner: { index: number; found: string }): boolean =>
  outer.found.length > inner.found.length &&
  outer.index <= inner.index &&
  inner.index + inner.found.length <= outer.index + outer.found.length;

const isAllowed = (path: string, text: string): boolean =>
  allowed.some(([files, words]) => files.test(path) && words.test(text));

/** Comment marks as spaces, so that a phrase goes over the end of a line. */
const plain = (text: string): string =>
  text.replaceAll(/\n\s*(?:\*|\/\/)/gu, (mark) => " ".repeat(mark.length));

/** `lstmMoment`, `lstm-moment` and `LSTM_MOMENT` as `lstm moment`. */
const nameWords = (name: string): string =>
  name
    .replaceAll(/([a-z])(?=\d)|([a-z\d])(?=[A-Z])/gu, "$& ")
    .replaceAll(/([A-Z])([A-Z][a-z])/gu, "$1 $2")
    .replaceAll(/[^A-Za-z\d]+/gu, " ")
    .trim()
    .toLowerCase();

function lineAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}
