/** The lessons in the order of the course, easiest first: chapter, title of the page, its question. A lesson's story is called `Lesson`. */
const order = {
  start: ["Start", "Draw a digit", ""],
  training: [
    "1 Training",
    "Training under the microscope",
    "What happens in one step? Loss, gradients, and four ways to die.",
  ],
  "digit-cnn": [
    "2 Convolutional networks",
    "Inside a digit CNN",
    "How does a network read a digit? Every number, taken apart.",
  ],
  neurons: [
    "2 Convolutional networks",
    "What a neuron responds to",
    "What does a neuron respond to? Pictures grown from noise, and the digits that agree.",
  ],
  "compare-methods": [
    "3 Explaining an answer",
    "Methods side by side: is it true?",
    "Which explanation should I trust? Eleven maps, two tests.",
  ],
  photographs: [
    "3 Explaining an answer",
    "Photographs",
    "What does it see in a photograph? Hide what it looks at.",
  ],
  fooling: ["4 Attacks", "Fooling a network", "How little must change before it reads another digit?"],
  embeddings: [
    "5 Embeddings",
    "Embeddings, near and far",
    "Which digits are alike? Triplets learn in the page, a lasso on their map.",
  ],
  lstm: [
    "6 Sequences",
    "LSTM gates, step by step",
    "What does an LSTM keep in memory? Three gates, one sum.",
  ],
  memory: [
    "6 Sequences",
    "Training while it reads",
    "What does it learn while it reads? Add, forget, or correct.",
  ],
  gpt: [
    "7 Transformers",
    "Inside a GPT",
    "How does a GPT choose the next letter? Attention, sampling, logit lens.",
  ],
  patching: [
    "7 Transformers",
    "Where the answer is carried",
    "Which layer and letter carry the answer? Patch a cell, and see it come back.",
  ],
  graph: ["8 Graphs", "Messages in a club", "Who switches sides? Cut friendships and ask why."],
  smoothing: [
    "8 Graphs",
    "How far messages go",
    "How deep may a graph network be? Messages by hand, and too many of them.",
  ],
  detection: [
    "9 Detection and segmentation",
    "Boxes, from many to one",
    "Which box survives? IoU by dragging, NMS step by step, anchors.",
  ],
  segmentation: [
    "9 Detection and segmentation",
    "U-Net, and what its skip connections carry",
    "What belongs to what? Switch connections off, correct it by a stroke.",
  ],
  latent: [
    "10 Generating",
    "Walk through a VAE",
    "What lies between two digits? A plane of codes to drag over.",
  ],
  gan: [
    "10 Generating",
    "A forger and a judge",
    "Can two networks teach each other? Eight heaps, and a judge to freeze.",
  ],
  diffusion: [
    "10 Generating",
    "From noise to a digit",
    "How does noise become a digit? Frame by frame, and is it a copy?",
  ],
  "dream-world": [
    "10 Generating",
    "Play inside a network",
    "Is there a game in there? Your keys, its dream, and does it obey?",
  ],
  "gaussian-process": [
    "11 Uncertainty",
    "A Gaussian process to drag",
    "Where is it least sure? Points to drag, and is the band honest?",
  ],
  "bayesian-digits": [
    "11 Uncertainty",
    "A network that knows its limits",
    "Does it know when it does not know? Weights that are ranges.",
  ],
  "grid-world": [
    "12 Acting",
    "Q-learning in a grid",
    "How does it learn where to go? Build walls, watch values spread.",
  ],
  "cart-pole": [
    "12 Acting",
    "A policy that balances a pole",
    "What does it look at? Push the pole, hide a number.",
  ],
  "spline-edges": [
    "13 Other networks",
    "Curves on edges",
    "Which formula is on the edges? Lock a curve to a function.",
  ],
  spikes: ["13 Other networks", "Spikes", "When does it decide? Membranes, two codes, and what they cost."],
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
