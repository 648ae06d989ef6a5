/** Two files: `dist/chat.js`, which never changes its name and only loads the other; `dist/chat/widget-HASH.js`, which never changes. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "vite";

const root = resolve(import.meta.dirname, "..");
const dist = join(root, "dist");
/** terser makes it a few hundred bytes smaller than the default; every visitor pays for those. */
const minify = "terser";
/** Names that stay inside the file (ours, and what Preact calls its components by): never one that travels or that a page sees. */
const within = new RegExp(
  `^(${[
    ...[
      "connection",
      "conversation",
      "unsent",
      "answered",
      "failure",
      "opened",
      "changed",
      "fileUrl",
      "socketUrl",
    ],
    ...["setState", "forceUpdate", "componentWillMount", "componentDidMount", "componentWillUnmount"],
    ...["componentWillReceiveProps", "shouldComponentUpdate", "componentWillUpdate", "componentDidUpdate"],
    ...[
      "componentDidCatch",
      "getSnapshotBeforeUpdate",
      "getDerivedStateFromProps",
      "getDerivedStateFromError",
    ],
    ...["getChildContext", "debounceRendering", "diffed", "unmount", "vnode"],
  ].join("|")})$`,
);
const terserOptions = {
  ecma: 2022,
  toplevel: true,
  compress: { passes: 3, unsafe_arrows: true },
  module: false,
  mangle: { properties: { regex: within } },
};
/** The style sheet is a template: its line ends and spaces are for us alone. */
const shortStyles = {
  name: "short-styles",
  transform: (code, id) =>
    id.endsWith("styles.ts") ? code.replace(/`[^`]*`/s, (css) => css.replace(/\s*\n\s*/g, "")) : null,
};
const common = { root, configFile: false, logLevel: "warn", publicDir: false, plugins: [shortStyles] };
const target = "es2022";

await build({
  ...common,
  build: {
    target,
    minify,
    terserOptions,
    outDir: join(dist, "chat"),
    emptyOutDir: true,
    modulePreload: false,
    // A classic script: a module of another origin would need CORS headers for the file itself.
    rollupOptions: {
      input: join(root, "src/main.tsx"),
      output: { format: "iife", entryFileNames: "widget-[hash].js" },
    },
  },
});
const widget = readdirSync(join(dist, "chat")).find((name) => /^widget-.*\.js$/.test(name));
if (!widget) throw new Error("the build has made no widget");

await build({
  ...common,
  define: { __WIDGET__: JSON.stringify(`chat/${widget}`) },
  build: {
    target,
    minify,
    terserOptions,
    outDir: dist,
    emptyOutDir: false,
    lib: {
      entry: join(root, "src/loader.ts"),
      formats: ["iife"],
      name: "cordboardLoader",
      fileName: () => "chat.js",
    },
  },
});

const words = join(root, "src/words");
const languages = readdirSync(words).filter((name) => name.endsWith(".json"));
const all = languages.map((name) => [name.slice(0, 2), JSON.parse(readFileSync(join(words, name), "utf8"))]);
writeFileSync(join(dist, "words.json"), JSON.stringify(Object.fromEntries(all)));

for (const file of [join(dist, "chat.js"), join(dist, "chat", widget)]) {
  const content = readFileSync(file);
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(`${file}.br`, brotliCompressSync(content));
}
