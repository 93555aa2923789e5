import { type Layer, type Module, softmax } from "@pellucid/core-train";
import { type Tensor2D, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { html } from "../src/draw/element-of.ts";
import { paintPicture } from "../src/draw/picture.ts";
import { bring } from "./bring.ts";
import { type Example, examples } from "./examples.ts";
import { type Asked, type Asking, frame, type Outcome, type Texts } from "./frame.ts";
import type { Subject } from "./nets/subject.ts";
import { convolutional, subject, type SubjectName, titles } from "./nets/subjects.ts";
import { fold, select } from "./parts.ts";
import type { Run, Show } from "./programs/run.ts";
import { shownProgram } from "./shown-program.ts";
import { addressOf, keepInAddress } from "./story-address.ts";

/** What a story's report works with. */
export interface Work extends Asking {
  readonly subject: Subject;
  readonly net: Module & Layer<Tensor4D, Tensor2D>;
  /** `[1, height, width, color]`, freed by {@link lab} */
  readonly image: Tensor4D;
  readonly pixels: Float32Array;
  /** The class to explain: the label of the picture, or the prediction for one that a visitor brought. */
  readonly target: number;
  /** That class's name. */
  readonly name: string;
}

/** What a program draws, and what else it found. */
export interface Drawn {
  readonly pictures: readonly HTMLElement[];
}

/** A program that a story runs and shows: one file of `programs/`. */
export interface Program<Options, Result extends Drawn> {
  readonly run: (options: Options, run: Run, show: Show) => Promise<Result>;
  /** The file's text. */
  readonly source: string;
}

/** A story: a question, the program that answers it, and what is said of its result. */
export interface Lab<Options extends object, Result extends Drawn> extends Choices {
  readonly program: Program<Options, Result>;
  /** What the program is run with; the net, the picture and its class are those that the visitor chose. */
  readonly options: Options;
  readonly report: (result: Result, work: Work) => Report | Promise<Report>;
}

/** What is said of a program's result. */
export interface Report extends Omit<Outcome, "pictures"> {
  /** What is shown below the program's pictures. */
  readonly extras?: readonly HTMLElement[];
}

/** What visitors may choose in a story. */
interface Choices extends Texts {
  /** Whether it takes long: it begins after the other stories of a page. Default: `false`. */
  readonly slow?: boolean;
  /** The model at first. Default: `"digits"`. */
  readonly net?: SubjectName;
  /** The models to choose from; none where a story makes its own. Default: {@link convolutional}. */
  readonly nets?: readonly SubjectName[];
  /** The picture at first. Default: 3. */
  readonly example?: number;
  /** Whether it is about a picture, or about the model alone. Default: `"picture"`. */
  readonly about?: "picture" | "net";
}

/** What a visitor picked in a story stays when its controls redraw it. */
const picked = new Map<string, { net?: SubjectName; example?: number | Example }>();

/** A story about an image model: a choice of models and pictures, and in the {@link frame} its program. */
export function lab<Options extends object, Result extends Drawn>(
  spec: Lab<Options, Result>,
  id: string,
): HTMLElement {
  const state = picked.get(id) ?? pickedInAddress(id, spec.nets ?? convolutional);
  picked.set(id, state);
  const about = spec.about ?? "picture";
  const picks = html("div", { class: "picks", role: "group", "aria-label": "Pick a picture" });
  const own = html("div", { class: "own" });
  const bringing =
    about === "picture" ? "Draw or upload an image, or use your own weights" : "Use your own weights";
  const makesItsOwn = spec.nets?.length === 0;
  const nets = select(makesItsOwn ? ["digits"] : (spec.nets ?? convolutional), titles);
  nets.value = state.net ?? spec.net ?? "digits";

  /** Shows the model's pictures, and runs the program on one. */
  const open = () =>
    void ask(async () => {
      const of = await subject(nets.value as SubjectName);
      const all = await examples(of);
      const press = showPicks(of, all);
      const example = state.example ?? spec.example ?? 3;
      press(example);
      return askedOf(of, all, example);
    });
  const askedOf = (of: Subject, all: readonly Example[], example: number | Example) =>
    asked(spec, of, typeof example === "number" ? (all[example % all.length] as Example) : example);

  const showPicks = (of: Subject, all: readonly Example[]) => {
    const buttons = all.map((example, i) => {
      const thumbnail = html("canvas", { "aria-hidden": "true" });
      paintPicture(thumbnail, { data: example.pixels, shape: of.shape });
      const label = `Picture of ${of.classes[i]}`;
      const button = html(
        "button",
        { type: "button", "aria-label": label, "aria-pressed": "false" },
        thumbnail,
      );
      button.addEventListener("click", () => pick(i));
      return button;
    });
    const press = (which: number | Example) =>
      buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i === which)));
    const pick = (which: number | Example) => {
      state.example = which;
      keepInAddress(id, { picture: typeof which === "number" ? String(which) : undefined });
      press(which);
      void ask(() => Promise.resolve(askedOf(of, all, which)));
    };
    picks.replaceChildren(...(about === "picture" ? buttons : []));
    own.replaceChildren(
      ...bring(of, about, (example) => pick(example ?? state.example ?? spec.example ?? 3), fails),
    );
    return press;
  };

  const { element, ask, fails } = frame(spec, id, {
    choices: makesItsOwn ? [] : [html("label", {}, "Model ", nets)],
    below: makesItsOwn ? [] : [...(about === "picture" ? [picks] : []), fold(bringing, own)],
    again: open,
    slow: spec.slow,
    recorded: state.example === undefined && state.net === undefined,
  });
  nets.addEventListener("change", () => {
    state.net = nets.value as SubjectName;
    delete state.example;
    keepInAddress(id, { net: state.net, picture: undefined });
    open();
  });
  open();
  return element;
}

/** What an address says that was picked. */
function pickedInAddress(id: string, nets: readonly SubjectName[]): { net?: SubjectName; example?: number } {
  const said = addressOf(id);
  const net = nets.find((name) => name === said.get("net"));
  const picture = said.get("picture") ?? "";
  return {
    ...(net === undefined ? {} : { net }),
    ...(/^\d{1,3}$/.test(picture) ? { example: Number(picture) } : {}),
  };
}

/** A model, and the program run on one picture. */
function asked<Options extends object, Result extends Drawn>(
  spec: Lab<Options, Result>,
  of: Subject,
  { pixels, label, picture }: Example,
): Asked {
  const answer: Asked["answer"] = async (asking) => {
    const { signal, onProgress, show } = asking;
    const image = tensor4d(pixels, [1, ...of.shape]);
    try {
      const probabilities = await guess(of.model, image);
      const says = probabilities.indexOf(Math.max(...probabilities));
      const target = label ?? says;
      const name = of.classes[target] as string;
      const work = { ...asking, subject: of, net: of.model, image, pixels, target, name };
      const sure = `Prediction: ${of.classes[says]} (${(100 * (probabilities[says] ?? 0)).toFixed(1)}%).`;
      const said = { says: spec.about === "net" ? "" : sure };
      const { program: file, options } = spec;
      const chosen = { ...options, ...pick(options, { net: of.name, picture, target }) };
      const result = await file.run(chosen, { signal, onProgress }, show);
      const { extras = [], ...report } = await spec.report(result, work);
      const pictures = [...result.pictures, ...extras];
      return { ...report, ...said, pictures, program: shownProgram(file.source, chosen) };
    } finally {
      image.dispose();
    }
  };
  return { net: of.model, answer };
}

/** Those of the chosen values for which the program has an option. */
function pick(options: object, chosen: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(chosen).filter(([name]) => name in options));
}

async function guess(net: Work["net"], image: Tensor4D): Promise<Float32Array> {
  const logits = net.forward(image);
  const probabilities = softmax(logits);
  const values = (await probabilities.data()) as Float32Array;
  logits.dispose();
  probabilities.dispose();
  return values;
}
