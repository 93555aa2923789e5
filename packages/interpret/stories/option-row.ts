import { html } from "../src/draw/element-of.ts";
import { select } from "./parts.ts";

/** What Storybook knows of an option: how it is chosen, and from what. */
export interface OptionType {
  readonly control?: unknown;
  readonly options?: readonly unknown[];
  readonly table?: { readonly disable?: boolean };
}

type Values = Readonly<Record<string, unknown>>;
type Types = Readonly<Record<string, OptionType>>;

interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** An option as a visitor sees it. */
interface Control {
  readonly element: HTMLElement;
  readonly show: (value: unknown) => void;
}

const kindOf = ({ control }: OptionType): string =>
  typeof control === "object" && control !== null && "type" in control ? String(control.type) : "";

const rangeOf = ({ control }: OptionType): Range => ({ min: 0, max: 1, step: 1, ...(control as object) });

const chosenHere = ([, type]: readonly [string, OptionType]): boolean => type.table?.disable !== true;

/** `learningRate` in words. */
const words = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** The option that a text stands for; undefined where it is not valid. */
export function optionOf(type: OptionType, text: string): unknown {
  const kind = kindOf(type);
  if (type.options !== undefined) return type.options.find((one) => String(one) === text);
  if (kind === "boolean") return text === "true" || (text === "false" ? false : undefined);
  if (kind === "text") return text.length <= 200 ? text : undefined;
  if (kind !== "range" || text.trim() === "") return undefined;
  const { min, max } = rangeOf(type);
  return Number(text) >= min && Number(text) <= max ? Number(text) : undefined;
}

/** The options that an address names, those that are valid. */
export function optionsOf(types: Types, said: URLSearchParams): Values {
  return Object.fromEntries(
    Object.entries(types)
      .filter(chosenHere)
      .map(([name, type]) => [name, optionOf(type, said.get(name) ?? "")] as const)
      .filter(([name, value]) => said.has(name) && value !== undefined),
  );
}

/** A story's options in a row: sliders, choices, texts. */
export class OptionRow {
  readonly element: HTMLElement;
  readonly #controls: ReadonlyMap<string, Control>;

  constructor(types: Types, change: (name: string, value: unknown) => void) {
    const made = Object.entries(types)
      .filter(chosenHere)
      .flatMap(([name, type]): (readonly [string, Control])[] => {
        const control = controlOf(words(name), type, (value) => change(name, value));
        return control === null ? [] : [[name, control]];
      });
    this.#controls = new Map(made);
    this.element = html(
      "div",
      { class: "options", role: "group", "aria-label": "Options of the method" },
      ...made.map(([, { element }]) => element),
    );
    this.element.hidden = made.length === 0;
  }

  show(values: Values): void {
    for (const [name, { show }] of this.#controls) show(values[name]);
  }
}

function controlOf(label: string, type: OptionType, change: (value: unknown) => void): Control | null {
  const kind = kindOf(type);
  if (type.options !== undefined) {
    const choice = select(type.options.map(String));
    choice.addEventListener("change", () => change(optionOf(type, choice.value)));
    return {
      element: html("label", {}, `${label} `, choice),
      show: (value) => (choice.value = String(value)),
    };
  }
  if (kind === "range") return slider(label, rangeOf(type), change);
  if (kind === "text") {
    const field = html("input", { type: "text", size: 16, spellcheck: "false" });
    field.addEventListener("change", () => change(field.value));
    return { element: html("label", {}, `${label} `, field), show: (value) => (field.value = String(value)) };
  }
  if (kind !== "boolean") return null;
  const box = html("input", { type: "checkbox" });
  box.addEventListener("change", () => change(box.checked));
  return { element: html("label", {}, box, ` ${label}`), show: (value) => (box.checked = value === true) };
}

function slider(label: string, range: Range, change: (value: number) => void): Control {
  const input = html("input", { type: "range", ...range });
  const says = html("output", {});
  let timer: ReturnType<typeof setTimeout> | undefined;
  input.addEventListener("input", () => {
    says.textContent = input.value;
    clearTimeout(timer);
    timer = setTimeout(() => change(Number(input.value)), 120); // it is dragged over many values
  });
  const show = (value: unknown) => {
    if (document.activeElement === input) return; // the visitor is ahead
    input.value = String(value);
    says.textContent = input.value;
  };
  return { element: html("label", {}, `${label} `, input, " ", says), show };
}
