import { html } from "../draw/element-of.ts";
import { definePart, Part } from "./part.ts";

const css = `
:host { min-height: 34px; }
div { display: flex; gap: 6px; align-items: center; flex-wrap: wrap; }
button { border: 1px solid var(--line); background: var(--surface); border-radius: 999px; padding: 4px 10px; font-size: var(--text-2); min-height: 32px; min-width: 34px; }
button:hover { border-color: var(--line-strong); }
button.play { min-width: 6em; }
label { display: flex; align-items: center; gap: 8px; font-size: var(--text-1); color: var(--ink-3); flex: 1 1 120px; }
input { accent-color: var(--ink); flex: 1; min-width: 60px; min-height: 24px; }
output { font-size: var(--text-1); color: var(--ink-2); min-width: 5.5em; text-align: right; }
@media (pointer: coarse) { button { min-height: 40px; } }
`;

const calm = () => globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;

/**
 * `<pellucid-player label="letter">`: play, pause, one step back or on, and a scrubber over `steps` steps. Fires `step` whenever `at` changes by it; nothing
 * plays until someone presses play. With reduced motion a step takes at least 0.8 seconds.
 */
export class PellucidPlayer extends Part {
  #steps = 1;
  #at = 0;
  #rate = 4;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #play: HTMLButtonElement;
  readonly #scrub: HTMLInputElement;
  readonly #out: HTMLOutputElement;

  static readonly observedAttributes = ["label"];

  constructor() {
    const back = html("button", { type: "button", "aria-label": "One step back" }, "‹");
    const play = html("button", { type: "button", class: "play" }, "▶ Play");
    const next = html("button", { type: "button", "aria-label": "One step on" }, "›");
    const scrub = html("input", { type: "range", min: 0, max: 0, value: 0, "aria-label": "Step" });
    const out = html("output");
    super(
      css,
      html("div", { role: "group", "aria-label": "Player" }, play, back, next, html("label", {}, scrub), out),
    );
    this.#play = play;
    this.#scrub = scrub;
    this.#out = out;
    play.addEventListener("click", () => (this.playing ? this.pause() : this.play()));
    back.addEventListener("click", () => this.#go(this.#at - 1));
    next.addEventListener("click", () => this.#go(this.#at + 1));
    scrub.addEventListener("input", () => this.#go(Number(scrub.value)));
  }

  /** How many steps there are. */
  get steps(): number {
    return this.#steps;
  }
  set steps(steps: number) {
    this.#steps = Math.max(1, Math.floor(steps));
    this.#at = Math.min(this.#at, this.#steps - 1);
    this.repaint();
  }

  /** The step that is shown, from 0. */
  get at(): number {
    return this.#at;
  }
  set at(at: number) {
    this.#at = Math.min(this.#steps - 1, Math.max(0, Math.floor(at)));
    this.repaint();
  }

  /** Steps a second. */
  get rate(): number {
    return this.#rate;
  }
  set rate(rate: number) {
    this.#rate = rate;
  }

  /** Whether it plays. */
  get playing(): boolean {
    return this.#timer !== undefined;
  }

  /** Plays on from here; from the start after the last step. */
  play(): void {
    this.pause();
    if (this.#at >= this.#steps - 1) this.#set(0);
    this.#timer = setInterval(
      () => (this.#at >= this.#steps - 1 ? this.pause() : this.#set(this.#at + 1)),
      Math.max(1000 / this.#rate, calm() ? 800 : 0),
    );
    this.repaint();
  }

  /** Stops. */
  pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.repaint();
  }

  attributeChangedCallback(): void {
    this.repaint();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.pause();
  }

  protected override repaint(): void {
    const name = this.getAttribute("label") ?? "step";
    this.#play.textContent = this.playing ? "❚❚ Pause" : "▶ Play";
    this.#scrub.max = String(this.#steps - 1);
    this.#scrub.value = String(this.#at);
    this.#scrub.setAttribute("aria-label", name);
    this.#scrub.setAttribute("aria-valuetext", `${name} ${this.#at + 1} of ${this.#steps}`);
    this.#out.textContent = `${name} ${this.#at + 1} of ${this.#steps}`;
  }

  #go(at: number): void {
    this.pause();
    this.#set(Math.min(this.#steps - 1, Math.max(0, at)));
  }

  #set(at: number): void {
    if (at === this.#at) return;
    this.at = at;
    this.fire("step", at);
  }
}

definePart("pellucid-player", PellucidPlayer);
