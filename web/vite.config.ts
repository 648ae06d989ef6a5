import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` and `vite preview` send the API and the SIP WebSocket. */
const server = process.env.CORDBOARD_SERVER ?? "http://127.0.0.1:8080";
const proxy = {
  "/api": { target: server, ws: true, changeOrigin: false },
  "/sip": { target: server, ws: true, changeOrigin: false },
};

/** The server hands out `.br` and `.gz` beside a file where they are: packed once here, not at every request. */
function precompress(): Plugin {
  return {
    name: "precompress",
    apply: "build",
    writeBundle({ dir = "dist" }) {
      const assets = join(dir, "assets");
      for (const name of readdirSync(assets).filter((each) => /\.(js|css)$/.test(each))) {
        const content = readFileSync(join(assets, name));
        writeFileSync(join(assets, `${name}.gz`), gzipSync(content, { level: 9 }));
        writeFileSync(join(assets, `${name}.br`), brotliCompressSync(content));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), precompress()],
  server: { proxy },
  preview: { proxy },
  build: {
    outDir: "dist",
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        // The desktop and all that it imports is one file, not sixty small ones that compress badly.
        codeSplitting: { groups: [{ name: "desktop", test: /\/src\/app\/DesktopPage\.tsx$/ }] },
      },
    },
  },
  test: {
    environment: "node",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
