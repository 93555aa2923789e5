import { onTheme } from "./on-theme.ts";
import { tokens } from "./tokens.ts";

/** The browser's class; an empty one on a server, where parts can be imported but not made. */
const Base: typeof HTMLElement = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

const shared = `${tokens}
:host { display: block; position: relative; color: var(--ink); font: var(--text-3) / 1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; }
:host([hidden]) { display: none; }
*, *::before, *::after { box-sizing: border-box; }
h2, h3, p, figure, ul, ol { margin: 0; }
canvas { display: block; image-rendering: pixelated; }
button, select, input { font: inherit; color: inherit; }
button { cursor: pointer; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
@media (prefers-reduced-motion: reduce) { *, *::before { transition: none !important; animation: none !important; } }
`;

/**
 * An element of a lesson: properties in, bubbling events out, its looks from the {@link tokens}. It repaints when the theme changes, and takes over
 * properties that were set before its class was known.
 */
export abstract class Part extends Base {
  #forget: (() => void) | null = null;

  constructor(css: string, ...inside: Node[]) {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheetOf(shared + css)];
    root.append(...inside);
  }

  connectedCallback(): void {
    for (const name of Object.keys(this)) {
      if (!(name in Object.getPrototypeOf(this))) continue;
      const value: unknown = Reflect.get(this, name);
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
    this.#forget = onTheme(() => this.repaint());
    this.repaint();
  }

  disconnectedCallback(): void {
    this.#forget?.();
    this.#forget = null;
  }

  /** Draws what is set. */
  protected abstract repaint(): void;

  /** Fires an event that bubbles out of shadow roots. */
  protected fire(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }
}

/** Style sheets by their text, which all elements of a kind share. A constructed one is allowed under every `style-src`. */
const sheets = new Map<string, CSSStyleSheet>();

function sheetOf(css: string): CSSStyleSheet {
  const sheet = sheets.get(css) ?? new CSSStyleSheet();
  if (!sheets.has(css)) sheet.replaceSync(css);
  sheets.set(css, sheet);
  return sheet;
}

/** Defines an element, once; nothing on a server. */
export function definePart(name: string, part: CustomElementConstructor): void {
  if (globalThis.customElements !== undefined && customElements.get(name) === undefined)
    customElements.define(name, part);
}
