import {
  checkNotNegative,
  checkPositive,
  checkRecord,
  checkSizes,
  OptionError,
  roundHalfEven,
} from "@pellucid/core-train";
import { makeDivisible } from "./make-divisible.ts";

/** The numbers that determine a {@link RegNet}. Radosavovic et al., equations 2 to 4. */
export interface RegNetDesign {
  /** The number of blocks. */
  readonly depth: number;
  /** Channels of the first block, `w_0`; a multiple of 8. */
  readonly initialWidth: number;
  /** Channels that each block adds before rounding, `w_a`. */
  readonly widthIncrement: number;
  /** The factor between the widths of stages, `w_m`; above 1. */
  readonly widthFactor: number;
  /** Channels of each group of the 3×3 convolutions. */
  readonly groupWidth: number;
  /** Channels of squeeze and excitation as a share of a block's input. Default: none (RegNetX). */
  readonly seRatio?: number;
}

/** A stage of a {@link RegNet}. */
export interface RegNetStage {
  readonly width: number;
  readonly depth: number;
  readonly groupWidth: number;
}

/**
 * The stages of a design: the width of block `i` is `w_0 w_m^s` with `s = round(log(1 + i w_a / w_0) / log w_m)`, rounded to a
 * multiple of 8; blocks of one width are a stage, whose width becomes a multiple of the group width.
 *
 * @throws {OptionError} If `initialWidth` is not a multiple of 8, `widthIncrement` is negative, or `widthFactor` is not above 1.
 */
export function regNetStages(design: RegNetDesign): readonly RegNetStage[] {
  checkRecord("RegNet", "design", design, [
    "depth",
    "initialWidth",
    "widthIncrement",
    "widthFactor",
    "groupWidth",
  ]);
  const { depth, initialWidth, widthIncrement, widthFactor, groupWidth, seRatio = 1 } = design;
  checkSizes("RegNet", { depth, initialWidth, groupWidth });
  checkNotNegative("RegNet", { widthIncrement });
  checkPositive("RegNet", { seRatio });
  if (initialWidth % 8 !== 0)
    throw new OptionError("RegNet", "initialWidth", initialWidth, "a multiple of 8");
  if (!(widthFactor > 1)) throw new OptionError("RegNet", "widthFactor", widthFactor, "a number above 1");
  const depths = new Map<number, number>();
  for (let i = 0; i < depth; i++) {
    const steps = roundHalfEven(Math.log(1 + (i * widthIncrement) / initialWidth) / Math.log(widthFactor));
    const width = 8 * roundHalfEven((initialWidth * widthFactor ** steps) / 8);
    depths.set(width, (depths.get(width) ?? 0) + 1);
  }
  return [...depths].map(([width, blocks]) => {
    const grouped = Math.min(groupWidth, width);
    return { width: makeDivisible(width, grouped), depth: blocks, groupWidth: grouped };
  });
}
