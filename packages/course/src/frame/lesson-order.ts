/** The lessons in the order of the course, easiest first: chapter, title of the page, its question. A lesson's story is called `Lesson`. */
const order = {
  start: ["Start", "Draw a digit", ""],
  "digit-cnn": [
    "2 Convolutional networks",
    "Inside a digit CNN",
    "How does a network read a digit? Every number, taken apart.",
  ],
  gpt: [
    "7 Transformers",
    "Inside a GPT",
    "How does a GPT choose the next letter? Attention, sampling, logit lens.",
  ],
} as const;

/** The folder of a lesson. */
export type LessonName = keyof typeof order;

interface Listed {
  readonly name: LessonName;
  readonly title: string;
  readonly chapter: string;
  readonly asks: string;
  /** Of its story. */
  readonly id: string;
}

const names = Object.keys(order) as LessonName[];

function listed(name: LessonName): Listed {
  const [chapter, title, asks] = order[name];
  const id = `${chapter} ${title}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return { name, title, chapter, asks, id: `${id}--lesson` };
}

/** Every lesson, in order. */
export const lessons = (): Listed[] => names.map(listed);

/** The lessons before and after one. */
export function neighborsOf(name: LessonName): {
  readonly previous: Listed | undefined;
  readonly next: Listed | undefined;
} {
  const at = names.indexOf(name);
  const [before, after] = [names[at - 1], names[at + 1]];
  return {
    previous: before === undefined ? undefined : listed(before),
    next: after === undefined ? undefined : listed(after),
  };
}

/** "Pellucid / 2 Convolutional networks, lesson 2 of 9". */
export function lessonNumber(name: LessonName): string {
  const [chapter] = order[name];
  return name === "start"
    ? "Pellucid: deep learning you can see through"
    : `Pellucid / ${chapter} / lesson ${names.indexOf(name)} of ${names.length - 1}`;
}
