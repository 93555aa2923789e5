import { html } from "../draw/element-of.ts";
import type { DrawingOptions } from "../draw/figure.ts";

/** Options of a drawing of which the title may come from the attribute. */
export type Untitled<Options extends object> = Partial<Options>;

/**
 * An element that shows a drawing of its `data` by its `options`, and draws anew when either changes. The attribute `label` is the drawing's title.
 * Without data it is empty; an error is shown instead of what cannot be drawn.
 */
export abstract class DrawnElement<Data, Options extends object> extends HTMLElement {
  #data: Data | null = null;
  #options: Untitled<Options> = {};
  #drawing: Promise<void> = Promise.resolve();
  #turn = 0;

  static readonly observedAttributes = ["label"];

  /** What is drawn. */
  get data(): Data | null {
    return this.#data;
  }
  set data(data: Data | null) {
    this.#data = data;
    this.#redraw();
  }

  /** How it is drawn: what the drawing function of the same name takes. */
  get options(): Untitled<Options> {
    return this.#options;
  }
  set options(options: Untitled<Options>) {
    this.#options = options;
    this.#redraw();
  }

  /** Settles when what was last set is drawn. */
  get drawn(): Promise<void> {
    return this.#drawing;
  }

  connectedCallback(): void {
    this.#redraw();
  }

  attributeChangedCallback(): void {
    this.#redraw();
  }

  protected abstract draw(
    data: Data,
    options: Untitled<Options> & DrawingOptions,
  ): Promise<HTMLElement> | HTMLElement;

  #redraw(): void {
    const turn = ++this.#turn;
    this.#drawing = this.#drawing.then(async () => {
      if (turn !== this.#turn || !this.isConnected) return; // something newer is waiting
      const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      if (this.#data === null) return root.replaceChildren();
      const title = this.getAttribute("label") ?? "Drawing";
      try {
        root.replaceChildren(await this.draw(this.#data, { title, ...this.#options }));
      } catch (error) {
        root.replaceChildren(html("p", { role: "alert" }, String(error)));
      }
    });
  }
}
