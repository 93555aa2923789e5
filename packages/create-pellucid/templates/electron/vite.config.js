export default {
  worker: { format: "es" }, // workers are modules, which load a backend when it is asked for
};
