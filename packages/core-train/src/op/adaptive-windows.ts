/**
 * Which of `input` numbers each of `output` windows sees, so that they cover all: from `⌊i · input / output⌋` to
 * `⌈(i + 1) · input / output⌉`.
 */
export function adaptiveWindows(input: number, output: number): { start: number; end: number }[] {
  return Array.from({ length: output }, (_, i) => ({
    start: Math.floor((i * input) / output),
    end: Math.ceil(((i + 1) * input) / output),
  }));
}
