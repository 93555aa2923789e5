/** COCO's twelve numbers; −1 where there is no object to find. */
export interface CocoSummary {
  /** The mean over IoU thresholds 0.50, 0.55, …, 0.95 and classes. */
  readonly map: number;
  /** At an IoU of 0.5. */
  readonly map50: number;
  /** At an IoU of 0.75. */
  readonly map75: number;
  /** Of objects below 32² pixels. */
  readonly mapSmall: number;
  /** Of objects from 32² to 96² pixels. */
  readonly mapMedium: number;
  /** Of objects from 96² pixels. */
  readonly mapLarge: number;
  /** The mean recall with one detection of each class in each image, or the first of `maxDetections`. */
  readonly mar1: number;
  /** With ten, or the second. */
  readonly mar10: number;
  /** With a hundred, or the third. */
  readonly mar100: number;
  readonly marSmall: number;
  readonly marMedium: number;
  readonly marLarge: number;
  /** `map` of each class that occurs. */
  readonly mapOfClass: ReadonlyMap<number, number>;
}
