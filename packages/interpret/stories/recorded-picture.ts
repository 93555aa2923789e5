import { html } from "../src/draw/element-of.ts";

/** What stories showed when `record-pictures.ts` last went through them, by their ids. */
const recorded = import.meta.glob<string>("./recorded/*.webp", {
  query: "?url",
  import: "default",
  eager: true,
});

/** The recorded picture of a story, to be seen until the live one is there. */
export function recordedPicture(id: string): HTMLElement[] {
  const address = recorded[`./recorded/${id}.webp`];
  if (address === undefined) return [];
  return [
    html(
      "figure",
      { class: "recorded" },
      html("figcaption", {}, "Recorded before; it is now being computed here."),
      html("img", { src: address, alt: "What this story showed when it was recorded" }),
    ),
  ];
}
