/** A matrix that is not positive definite, or singular: as a covariance, points that coincide without noise, or a kernel that is none for such points. */
export class NotPositiveDefiniteError extends RangeError {
  override readonly name = "NotPositiveDefiniteError";
}
