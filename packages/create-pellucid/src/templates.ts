/** The templates, and what each is for. */
export const templates = {
  browser: "a page that trains a net, and sees a digit that you draw (Vite)",
  node: "a program that trains a net, saves it and predicts",
  worker: "training in a Web Worker, with a progress bar and a stop button (Vite)",
  react: "a React hook that trains in a worker, with a progress bar (Vite)",
  next: "a page with a prediction of the server, and training in the browser (Next)",
  electron: "a window of its own that trains, and keeps the weights in a file (Electron)",
  deno: "a program that trains a net, saves it and predicts (Deno)",
  bun: "a program that trains a net, saves it and predicts (Bun)",
  storybook: "a story that trains a net and explains what it sees (Storybook)",
} as const;

/** The name of a template. */
export type TemplateName = keyof typeof templates;

/** Whether a text is the name of a template. */
export const isTemplateName = (text: unknown): text is TemplateName =>
  typeof text === "string" && Object.hasOwn(templates, text);
