import type { Preview } from "@storybook/html-vite";
import { getPreferredColorScheme, themes } from "storybook/theming";
import { withOptions } from "./with-options.ts";

/** The theme is the visitor's until the toolbar says otherwise; axe checks what is shown. */
const preview: Preview = {
  parameters: {
    a11y: { test: "error" },
    layout: "fullscreen",
    options: {
      storySort: {
        order: [
          "Start",
          "1 Training",
          "2 Convolutional networks",
          "3 Explaining an answer",
          "4 Attacks",
          "5 Embeddings",
          "6 Sequences",
          "7 Transformers",
          "8 Graphs",
          "9 Detection and segmentation",
          "10 Generating",
          "11 Uncertainty",
          "12 Acting",
          "13 Other networks",
          "Welcome",
          "Tour",
        ],
      },
    },
    docs: {
      theme: themes[getPreferredColorScheme()],
      canvas: { sourceState: "none" }, // it would be HTML: each story shows its program
    },
  },
  globalTypes: {
    theme: {
      description: "Light or dark",
      toolbar: { title: "Theme", icon: "mirror", items: ["light", "dark"], dynamicTitle: true },
    },
  },
  initialGlobals: { theme: getPreferredColorScheme() },
  decorators: [
    withOptions,
    (story, { globals }) => {
      document.documentElement.style.colorScheme = globals["theme"] === "dark" ? "dark" : "light";
      document.body.style.background = "Canvas";
      return story();
    },
  ],
};
export default preview;
