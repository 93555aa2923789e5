import type { Module } from "@pellucid/core-train";
import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { html } from "../src/draw/element-of.ts";
import { type Asked, type Asking, frame, type Texts } from "./frame.ts";
import type { Drawn, Program, Report } from "./lab.ts";
import type { Reader } from "./nets/reader.ts";
import { shownProgram } from "./shown-program.ts";
import { addressOf, keepInAddress } from "./story-address.ts";

/** What a report about text works with. */
export interface TextWork<Net> extends Asking {
  readonly net: Net;
  readonly text: string;
  /** The text of each token. */
  readonly texts: readonly string[];
  /** int32 `[1, token]`, freed by {@link textLab} */
  readonly tokens: Tensor2D;
}

/** A story about a text: a question, the program that answers it, and what is said of its result. */
export interface TextLab<Net, Options extends object, Result extends Drawn> extends Texts {
  readonly reader: () => Promise<Reader<Net>>;
  readonly program: Program<Options, Result>;
  /** What the program is run with; its text is what the visitor wrote. */
  readonly options: Options & { readonly text: string };
  readonly report: (result: Result, work: TextWork<Net>) => Report | Promise<Report>;
}

/** What a visitor wrote in a story stays when its controls redraw it. */
const written = new Map<string, string>();

/** A story about a text model: a text to write, and in the {@link frame} its program. */
export function textLab<Net extends Module, Options extends object, Result extends Drawn>(
  spec: TextLab<Net, Options, Result>,
  id: string,
): HTMLElement {
  const input = html("input", { type: "text", size: 36, spellcheck: "false" });
  input.value = written.get(id) ?? addressOf(id).get("text")?.slice(0, 200) ?? spec.options.text;
  const open = () => void ask(async () => asked(spec, await spec.reader(), input.value));
  const { element, ask } = frame(spec, id, {
    choices: [html("label", {}, "Text ", input)],
    again: open,
    recorded: !written.has(id),
  });
  input.addEventListener("change", () => {
    written.set(id, input.value);
    keepInAddress(id, { text: input.value });
    open();
  });
  open();
  return element;
}

/** A model, and the program run on one text. */
function asked<Net extends Module, Options extends object, Result extends Drawn>(
  spec: TextLab<Net, Options, Result>,
  reader: Reader<Net>,
  text: string,
): Asked {
  const { net, encode, says } = reader;
  const answer: Asked["answer"] = async (asking) => {
    const { signal, onProgress, show } = asking;
    const { texts, ids } = encode(text);
    const tokens = tensor2d(ids, [1, ids.length], "int32");
    try {
      const said = await says(tokens);
      const work = { ...asking, net, text, texts, tokens };
      const options = { ...spec.options, text };
      const result = await spec.program.run(options, { signal, onProgress }, show);
      const { extras = [], ...report } = await spec.report(result, work);
      const pictures = [...result.pictures, ...extras];
      return { ...report, says: said, pictures, program: shownProgram(spec.program.source, options) };
    } finally {
      tokens.dispose();
    }
  };
  return { net, answer };
}
