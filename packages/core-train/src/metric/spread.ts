/** The sum of squared deviations from the mean, accumulated without cancellation. Welford, 1962. */
export class Spread {
  count = 0;
  mean = 0;
  /** `Σ (x − mean)²` */
  squares = 0;

  add(x: number): void {
    const off = x - this.mean;
    this.count++;
    this.mean += off / this.count;
    this.squares += off * (x - this.mean);
  }
}
