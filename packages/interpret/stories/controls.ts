/** Controls that several stories have. */
export const controls = {
  opacity: { control: { type: "range", min: 0, max: 1, step: 0.05 } },
  upsampling: { control: "inline-radio", options: ["nearest", "smooth"] },
  layer: { control: "inline-radio", options: ["first", "last"] },
  /** Visitors choose the net in the story itself. */
  net: { table: { disable: true } },
} as const;

/** A control for a number. */
export const range = (min: number, max: number, step = 1) =>
  ({ control: { type: "range", min, max, step } }) as const;

/** A control for one of several. */
export const choice = (options: readonly string[]) => ({ control: "select", options }) as const;

/** Options that visitors choose in the story itself. */
export const chosenInStory = {
  net: controls.net,
  picture: controls.net,
  target: controls.net,
} as const;
