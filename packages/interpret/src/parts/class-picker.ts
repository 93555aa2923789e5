import { html } from "../draw/element-of.ts";
import { definePart, Part } from "./part.ts";

const css = `
:host { min-height: 40px; }
p { font-size: var(--text-5); font-weight: 700; letter-spacing: -0.01em; line-height: 1.4; }
select { font-weight: 700; font-size: 0.85em; padding: 2px 8px; border: 1px solid var(--line-strong); border-radius: 8px; background: var(--surface); max-width: 100%; }
`;

/** `<pellucid-class-picker>`: "Why 3 rather than 8?" as a sentence with two choices. Fires `change`; `rival` is null for "anything else". */
export class PellucidClassPicker extends Part {
  #names: readonly string[] = [];
  #value = 0;
  #rival: number | null = null;
  readonly #why = html("select", { "aria-label": "The class to explain" });
  readonly #not = html("select", { "aria-label": "The class it is compared with" });

  constructor() {
    const sentence = html("p", {});
    super(css, sentence);
    sentence.append("Why ", this.#why, " rather than ", this.#not, "?");
    this.#why.addEventListener("change", () => {
      this.#value = Number(this.#why.value);
      if (this.#rival === this.#value) this.#rival = null;
      this.repaint();
      this.fire("change");
    });
    this.#not.addEventListener("change", () => {
      this.#rival = this.#not.value === "" ? null : Number(this.#not.value);
      this.fire("change");
    });
  }

  /** The classes. */
  get names(): readonly string[] {
    return this.#names;
  }
  set names(names: readonly string[]) {
    this.#names = names;
    const options = () => names.map((name, i) => html("option", { value: i }, name));
    this.#why.replaceChildren(...options());
    this.#not.replaceChildren(html("option", { value: "" }, "anything else"), ...options());
    this.repaint();
  }

  /** The index of the explained class. */
  get value(): number {
    return this.#value;
  }
  set value(value: number) {
    this.#value = value;
    this.repaint();
  }

  /** The index of the class it is compared with; null for none. */
  get rival(): number | null {
    return this.#rival;
  }
  set rival(rival: number | null) {
    this.#rival = rival;
    this.repaint();
  }

  protected override repaint(): void {
    this.#why.value = String(this.#value);
    this.#not.value = this.#rival === null ? "" : String(this.#rival);
    for (const option of this.#not.options) option.disabled = option.value === String(this.#value);
  }
}

definePart("pellucid-class-picker", PellucidClassPicker);
