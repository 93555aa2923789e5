import { checkArguments } from "@pellucid/core-train";
/** Letters that are no other letter with a mark, as they are written where they are lacking. */
const letters: Readonly<Record<string, string>> = {
  ß: "ss",
  ẞ: "SS",
  æ: "ae",
  Æ: "AE",
  œ: "oe",
  Œ: "OE",
  ø: "o",
  Ø: "O",
  ł: "l",
  Ł: "L",
  đ: "d",
  Đ: "D",
  ð: "d",
  Ð: "D",
  þ: "th",
  Þ: "Th",
  ı: "i",
};

/** A text in ASCII: letters without their marks, `Marszałek` as `Marszalek`, and what is of no Latin letter left out. */
export function foldAccents(text: string): string {
  checkArguments("foldAccents", { text: { text } });
  const plain = text.replace(/[^\0-\x7f]/gu, (letter) => letters[letter] ?? letter).normalize("NFD");
  return plain.replace(/[^\0-\x7f]/gu, "");
}
