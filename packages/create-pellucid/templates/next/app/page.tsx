import { predict } from "./server-net.ts";
import { Training } from "./training.tsx";

export const dynamic = "force-dynamic"; // rendered for each request, not once while building

export default async function Page() {
  const { digit, probability, label, backend } = await predict(0);
  return (
    <main>
      <h1>A net that reads digits</h1>
      <p id="server">
        The server, on {backend}, sees a {label} as {digit}, with {(100 * probability).toFixed(0)} %.
      </p>
      <Training />
    </main>
  );
}
