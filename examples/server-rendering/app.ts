import { createElement as h, useState } from "react";

/** What the page shows of an unseen digit. */
export interface Prediction {
  readonly digit: number;
  readonly probability: number;
  readonly backend: string;
}

export interface AppProps {
  /** What the server predicted. */
  readonly first: Prediction;
  /** Predicts in the browser. */
  readonly predict: () => Promise<Prediction>;
}

const said = ({ digit, probability, backend }: Prediction): string =>
  `a ${digit} with ${(100 * probability).toFixed(1)} %, on ${backend}`;

/** The page, rendered on the server and made alive in the browser. */
export function App({ first, predict }: AppProps) {
  const [again, setAgain] = useState<Prediction>();
  const ask = () => void predict().then(setAgain);
  return h(
    "main",
    null,
    h("h1", null, "Rendered on a server"),
    h("p", { id: "server" }, `The server sees ${said(first)}`),
    h("button", { type: "button", onClick: ask }, "Ask the browser"),
    h("p", { id: "browser", role: "status" }, again === undefined ? "" : `The browser sees ${said(again)}`),
  );
}
