/** What a drawing says below numbers that are all zero, whose colors alone look like any even map. */
export function allZero(data: ArrayLike<number>): string {
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) return "";
  return "; all zero";
}
