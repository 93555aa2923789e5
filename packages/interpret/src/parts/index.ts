// Importing this file defines every part, once; on a server it does nothing. Each file can be imported alone: @pellucid/interpret/parts/draw-pad.

// looks
export { type ColorName, tokens } from "./tokens.ts";
export { onTheme } from "./on-theme.ts";
export {
  colorAt,
  type Grid,
  largest,
  paintCells,
  paintInk,
  paintOver,
  paintSigned,
  type Rgb,
  signedColor,
} from "./paint.ts";
export { percent, short, signed } from "./number-text.ts";
export { definePart, Part } from "./part.ts";

// what is selected, and the address that keeps it
export { type Hear, Selection } from "./selection.ts";
export {
  type AddressCodec,
  type AddressText,
  integerText,
  keepAddress,
  numberText,
  plainText,
  readAddress,
  writeAddress,
} from "./keep-address.ts";
export { inkText } from "./ink-text.ts";

// inputs
export { PellucidDrawPad } from "./draw-pad.ts";
export { type PickerItem, PellucidPicker } from "./picker.ts";
export { PellucidClassPicker } from "./class-picker.ts";
export { PellucidGuess } from "./guess.ts";
export { PellucidPlayer } from "./player.ts";
export { PellucidCompare } from "./compare.ts";
export { type EditedBox, PellucidBoxEditor } from "./box-editor.ts";
export { PellucidLatentPad } from "./latent-pad.ts";
export { type FilmFrame, PellucidFilmStrip } from "./film-strip.ts";

// outputs
export { PellucidBars } from "./bars.ts";
export { type FlowLayer, type FlowLine, type FlowSpot, PellucidLayerFlow } from "./layer-flow.ts";
export { type CalculationData, type FramedMap, PellucidCalculation } from "./calculation.ts";
export { PellucidTokenStrip } from "./token-strip.ts";
export { type Cursor, type MethodStripData, PellucidMethodStrip } from "./method-strip.ts";
export { type StripMethod } from "./method-card.ts";

export { PellucidPosterior, type PlanePoint, type PosteriorCurve } from "./posterior.ts";

// one number, explained
export {
  type ExplainedLayer,
  type ExplainedNumber,
  explainNumber,
  type Maps,
  type NumberPart,
  outputSize,
  seenSquares,
  type Spot,
  type Square,
} from "./explain-number.ts";
