/** The templates, and what each is for. */
export const templates = {
  browser: "a page that trains a net, and sees a digit that you draw (Vite)",
  node: "a program that trains a net, saves it and predicts",
  worker: "training in a Web Worker, with a progress bar and a stop button (Vite)",
  react: "training as a React hook (Vite)",
  storybook: "a story that trains a net and explains what it sees (Storybook)",
} as const;

/** The name of a template. */
export type TemplateName = keyof typeof templates;

/** Whether a text is the name of a template. */
export const isTemplateName = (text: string): text is TemplateName => Object.hasOwn(templates, text);
