import type { Decorator } from "@storybook/html-vite";
import { useArgs } from "storybook/preview-api";
import { OptionRow, optionsOf } from "../packages/interpret/stories/option-row.ts";
import { addressOf, keepInAddress } from "../packages/interpret/stories/story-address.ts";

const rows = new WeakMap<Element, OptionRow>();
const opened = new Set<string>();

/** The options of a story, in its page and in its address: Storybook's own panel is folded away for most visitors, and is not there when a page is embedded. */
export const withOptions: Decorator = (story, { id, args, argTypes }) => {
  const [, update] = useArgs();
  const said = opened.has(id) ? {} : optionsOf(argTypes, addressOf(id));
  opened.add(id);
  const values = { ...args, ...said };
  const drawn = story({ args: values });
  if (!(drawn instanceof Element) || !drawn.matches(".lab")) return drawn;
  if (Object.keys(said).length > 0) setTimeout(() => update(said)); // the panel shows them too
  let row = rows.get(drawn);
  if (row === undefined) {
    row = new OptionRow(argTypes, (name, value) => {
      keepInAddress(id, { [name]: String(value) });
      update({ [name]: value });
    });
    rows.set(drawn, row);
    drawn.querySelector("h1")?.after(row.element);
  }
  row.show(values);
  return drawn;
};
