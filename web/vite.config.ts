import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` and `vite preview` send the API and the SIP WebSocket. */
const server = process.env.CORDBOARD_SERVER ?? "http://127.0.0.1:8080";
const proxy = {
  "/api": { target: server, ws: true, changeOrigin: false },
  "/sip": { target: server, ws: true, changeOrigin: false },
};

export default defineConfig({
  plugins: [react()],
  server: { proxy },
  preview: { proxy },
  build: {
    outDir: "dist",
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    chunkSizeWarningLimit: 1200,
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
