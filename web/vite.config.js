import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";

export default defineConfig({
  // Names are relative, so the files work under whatever address serves them.
  base: "./",
  publicDir: false,
  build: {
    outDir: fileURLToPath(new URL("../gateway/static/graphiql", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    // gateway/schema/graphiql.py reads the hashed names from it.
    manifest: "manifest.json",
    license: { fileName: "licenses.md" },
    modulePreload: { polyfill: false },
    // Monaco is one piece of this size, and is fetched once.
    chunkSizeWarningLimit: 4096,
    rolldownOptions: {
      input: "src/main.jsx",
      // "use client" is meant for servers which render React; here is none.
      checks: { moduleLevelDirective: false },
    },
  },
  worker: { format: "es" },
});
