/** Whether a test has opened the page. */
export const isTest = (): boolean => "__vitest_browser__" in globalThis;

/** The `play` of a lesson, which presses and draws, for tests alone: a visitor's page is the visitor's, and nothing on it happens by itself. */
export function inTests<C>(play: (context: C) => Promise<void>): (context: C) => Promise<void> {
  return async (context) => {
    if (isTest()) await play(context);
  };
}
