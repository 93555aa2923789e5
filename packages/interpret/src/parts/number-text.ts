/** A number with a true minus sign, as short as it stays readable. */
export function short(value: number, digits = 2): string {
  const text = Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(digits);
  return text.replace(/^-(0(\.0+)?)$/, "$1").replace("-", "−");
}

/** The same with a plus sign in front of what is above 0. */
export function signed(value: number, digits = 2): string {
  return (value > 0.5 * 10 ** -digits ? "+" : "") + short(value, digits);
}

/** A probability as a percentage; "> 99.9%" rather than a rounded 100%. */
export function percent(probability: number): string {
  if (probability > 0.9995) return "> 99.9%";
  return probability < 0.001 ? "< 0.1%" : `${(100 * probability).toFixed(1)}%`;
}
