import { html } from "../draw/element-of.ts";
import type { DrawingOptions } from "../draw/figure.ts";

/** Options of a drawing of which the title may come from the attribute. */
export type Untitled<Options extends object> = Partial<Options>;

/** The browser's class; an empty one on a server, where these elements can be imported but not made. */
const Base: typeof HTMLElement = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/**
 * An element that shows a drawing of its `data` by its `options`, and draws anew when either changes. The attribute `label` is the drawing's title.
 * Without data it is empty; an error is shown instead of what cannot be drawn.
 *
 * Tensors are read once, when `data` is set, and may be freed as soon as `drawn` settles: moving the element or changing its label draws the same numbers.
 * Data and options set before the element was defined are taken over.
 */
export abstract class DrawnElement<Data, Options extends object, Host = Data> extends Base {
  #data: Data | null = null;
  #host: Promise<Host> | null = null;
  #options: Untitled<Options> = {};
  #drawing: Promise<void> = Promise.resolve();
  #turn = 0;

  static readonly observedAttributes = ["label"];

  /** What is drawn; null or undefined for nothing. */
  get data(): Data | null {
    return this.#data;
  }
  set data(data: Data | null | undefined) {
    this.#data = data ?? null;
    this.#host = this.#data === null ? null : this.#readNow(this.#data);
    this.#redraw();
  }

  /** How it is drawn: what the drawing function of the same name takes. */
  get options(): Untitled<Options> {
    return this.#options;
  }
  set options(options: Untitled<Options> | null | undefined) {
    this.#options = options ?? {};
    this.#redraw();
  }

  /** Settles when what was last set is drawn. */
  get drawn(): Promise<void> {
    return this.#drawing;
  }

  connectedCallback(): void {
    this.#upgrade("data");
    this.#upgrade("options");
    this.#redraw();
  }

  attributeChangedCallback(): void {
    this.#redraw();
  }

  /** Brings the data to the host. */
  protected abstract read(data: Data): Promise<Host> | Host;

  protected abstract draw(data: Host, options: Untitled<Options> & DrawingOptions): HTMLElement;

  /** A property set before the class was known hides the accessor of the class: it is set again. */
  #upgrade(name: "data" | "options"): void {
    const own = Object.getOwnPropertyDescriptor(this, name);
    if (own === undefined) return;
    Reflect.deleteProperty(this, name);
    Reflect.set(this, name, own.value);
  }

  /** Starts to read at once, so that what is read may be freed afterwards; a failure is shown when it is drawn. */
  #readNow(data: Data): Promise<Host> {
    const host = (async () => this.read(data))();
    host.catch(() => {});
    return host;
  }

  #redraw(): void {
    const turn = ++this.#turn;
    this.#drawing = this.#drawing.then(async () => {
      if (turn !== this.#turn || !this.isConnected) return; // something newer is waiting
      const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      if (this.#host === null) return root.replaceChildren();
      if (root.childElementCount === 0) root.append(html("p", { role: "status" }, "Loading…"));
      const title = this.getAttribute("label") ?? "Drawing";
      try {
        const host = await this.#host;
        root.replaceChildren(this.draw(host, { title, ...this.#options }));
      } catch (error) {
        root.replaceChildren(html("p", { role: "alert" }, String(error)));
      }
    });
  }
}
