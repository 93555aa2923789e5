import type { AddressText } from "./keep-address.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** A drawing of `size` pixels from 0 to 1 as about 150 letters: sixteen levels, and how often each is repeated. */
export const inkText = (size: number): AddressText<Float32Array> => ({
  write: (pixels) => {
    const level = (i: number) => Math.round(15 * Math.min(1, Math.max(0, pixels[i] ?? 0)));
    let text = "";
    for (let i = 0; i < size;) {
      let run = 1;
      while (run < 64 && i + run < size && level(i + run) === level(i)) run++;
      text += level(i).toString(16) + letters[run - 1];
      i += run;
    }
    return text;
  },
  read: (text) => {
    const pixels = new Float32Array(size);
    let at = 0;
    for (let i = 0; i + 1 < text.length; i += 2) {
      const level = Number.parseInt(text[i] ?? "", 16);
      const run = letters.indexOf(text[i + 1] ?? "?") + 1;
      if (Number.isNaN(level) || run === 0) return undefined;
      pixels.fill(level / 15, at, at + run);
      at += run;
    }
    return at === size ? pixels : undefined;
  },
});
