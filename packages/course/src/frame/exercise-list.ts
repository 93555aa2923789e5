import { html } from "../../../interpret/src/draw/element-of.ts";

/** A task with its solution. */
export interface Exercise {
  readonly task: string;
  readonly solution: string;
  /** Sets the page up for it. */
  readonly set?: () => void;
  /** Whether the task is done on the page as it is now; and what is still missing. */
  readonly check?: () => { readonly solved: boolean; readonly says: string };
}

/** Tasks, each with a button that sets it up, one that checks it, and its solution folded away. */
export function exerciseList(exercises: readonly Exercise[]): HTMLElement {
  return html(
    "section",
    { class: "exercises", "aria-label": "Exercises" },
    html("h2", {}, exercises.length === 1 ? "Exercise" : "Exercises"),
    html("ol", {}, ...exercises.map(item)),
  );
}

function item({ task, solution, set, check }: Exercise): HTMLElement {
  const says = html("output", { class: "checked" });
  const button = (text: string, does: () => void) => {
    const element = html("button", { type: "button" }, text);
    element.addEventListener("click", does);
    return element;
  };
  const buttons = [
    ...(set === undefined ? [] : [button("Set it up", set)]),
    ...(check === undefined
      ? []
      : [
          button("Check mine", () => {
            const { solved, says: text } = check();
            says.className = `checked ${solved ? "passed" : "failed"}`;
            says.textContent = text;
          }),
          says,
        ]),
  ];
  return html(
    "li",
    {},
    html("p", {}, task),
    ...(buttons.length === 0 ? [] : [html("div", { class: "row" }, ...buttons)]),
    html("details", {}, html("summary", {}, "Solution"), html("p", {}, solution)),
  );
}
