import { html } from "../../../interpret/src/draw/element-of.ts";

/** Buttons and arrow keys that are held, as on a game's pad. */
export interface Keys {
  readonly buttons: readonly HTMLElement[];
  /** The action of what is held now. */
  readonly held: () => number;
  /** Listens to the arrow keys on an element, and says what was pressed. */
  readonly listen: (element: HTMLElement, pressed: (action: number) => void) => void;
}

const arrows = ["ArrowLeft", "ArrowRight"];

/** Two buttons for two actions; `none` is the action of no key. */
export function keysOf(labels: readonly string[], actions: readonly number[], none: number): Keys {
  let held = none;
  let tell = (_action: number): void => {};
  const press = (action: number) => {
    held = action;
    tell(action);
  };
  const release = () => (held = none);
  const buttons = labels.map((label, i) => {
    const action = actions[i] ?? none;
    const button = html("button", { type: "button", class: "pill hold" }, label);
    button.addEventListener("pointerdown", () => press(action));
    for (const end of ["pointerup", "pointerleave", "pointercancel"]) button.addEventListener(end, release);
    button.addEventListener("click", ({ detail }) => {
      if (detail === 0) tell(action); // by keyboard, or by a program
    });
    return button;
  });
  const listen: Keys["listen"] = (element, pressed) => {
    tell = pressed;
    const actionOf = ({ key, target }: KeyboardEvent): number | undefined =>
      target instanceof HTMLInputElement ? undefined : actions[arrows.indexOf(key)]; // a slider has its own use for arrows
    const gone = new AbortController();
    const { signal } = gone;
    const onDown = (event: KeyboardEvent) => {
      if (!element.isConnected) {
        gone.abort();
        return;
      }
      const action = actionOf(event);
      if (action === undefined) return;
      event.preventDefault();
      if (!event.repeat) press(action);
    };
    addEventListener("keydown", onDown, { signal });
    for (const end of ["keyup", "blur"]) addEventListener(end, release, { signal });
  };
  return { buttons, held: () => held, listen };
}
