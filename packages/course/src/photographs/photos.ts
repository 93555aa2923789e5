/** The photographs of the page; their licences are in the folder. */
export const photos: readonly { readonly name: string; readonly url: URL }[] = [
  { name: "a cat", url: new URL("./photos/chelsea.jpg", import.meta.url) },
  { name: "a cup of coffee", url: new URL("./photos/coffee.jpg", import.meta.url) },
  { name: "an officer", url: new URL("./photos/hopper.jpg", import.meta.url) },
  { name: "a raccoon", url: new URL("./photos/raccoon-face.jpg", import.meta.url) },
  { name: "a temple", url: new URL("./photos/china.jpg", import.meta.url) },
  { name: "a flower", url: new URL("./photos/flower.jpg", import.meta.url) },
  { name: "an astronaut", url: new URL("./photos/astronaut.jpg", import.meta.url) },
  { name: "a rocket", url: new URL("./photos/rocket.jpg", import.meta.url) },
];
