import { html } from "../draw/element-of.ts";
import { definePart, Part } from "./part.ts";

const css = `
:host { min-height: 34px; }
div { display: flex; flex-wrap: wrap; gap: 4px 6px; align-items: center; min-height: 34px; }
button { border: 1px solid var(--line-strong); background: var(--surface); border-radius: 6px; min-width: 30px; min-height: 30px; padding: 0 8px; font-weight: 650; }
button:hover { background: var(--ink); color: var(--surface); }
.skip { font-weight: 400; margin-left: 8px; }
@media (pointer: coarse) { button { min-height: 40px; min-width: 36px; } }
`;

/**
 * `<pellucid-guess>`: asks for a guess before the answer is shown. `ask(question, choices)` shows the choices; pressing one fires `guess` with its index, or null for "Just show me".
 * `right(index)` counts; the count is `score`.
 */
export class PellucidGuess extends Part {
  #question = "";
  #choices: readonly string[] = [];
  #score = { right: 0, asked: 0 };
  readonly #line: HTMLElement;

  constructor() {
    const line = html("div", { role: "group", "aria-label": "Your guess" });
    super(css, line);
    this.#line = line;
  }

  /** Right guesses since the page was opened, of how many. */
  get score(): { readonly right: number; readonly asked: number } {
    return this.#score;
  }

  /** Asks. */
  ask(question: string, choices: readonly string[]): void {
    this.#question = question;
    this.#choices = choices;
    this.hidden = false;
    this.repaint();
  }

  /** Counts a guess, and says how many were right so far. */
  judge(right: boolean): string {
    this.#score = { right: this.#score.right + (right ? 1 : 0), asked: this.#score.asked + 1 };
    return `${right ? "Right" : "Not this time"} (${this.#score.right} of ${this.#score.asked})`;
  }

  protected override repaint(): void {
    const answer = (index: number | null) => {
      this.hidden = true;
      this.fire("guess", index);
    };
    const buttons = this.#choices.map((choice, i) => {
      const button = html("button", { type: "button" }, choice);
      button.addEventListener("click", () => answer(i));
      return button;
    });
    const skip = html("button", { type: "button", class: "skip" }, "Just show me");
    skip.addEventListener("click", () => answer(null));
    this.#line.replaceChildren(
      html("span", {}, this.#question),
      ...(buttons.length === 0 ? [] : [...buttons, skip]),
    );
  }
}

definePart("pellucid-guess", PellucidGuess);
