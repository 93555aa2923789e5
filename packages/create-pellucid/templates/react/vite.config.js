import react from "@vitejs/plugin-react";

export default {
  plugins: [react()],
  worker: { format: "es" }, // workers are modules, which load a backend when it is asked for
};
